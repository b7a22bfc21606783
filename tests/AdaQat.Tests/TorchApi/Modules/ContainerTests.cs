using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Sequences, lists and dictionaries of modules and of parameters.</summary>
public sealed class ContainerTests
{
    [Fact]
    public void A_sequence_names_its_modules_by_position_or_as_told()
    {
        using var byPosition = Sequential(Linear(2, 3), ReLU(), Linear(3, 1));
        using var named = Sequential(("enter", Linear(2, 3)), ("act", ReLU())).append("leave", Linear(3, 1)).append(Tanh());

        byPosition.state_dict().Keys.Should().Equal("0.weight", "0.bias", "2.weight", "2.bias");
        named.named_children().Select(c => c.name).Should().Equal("enter", "act", "leave", "3");
        named.parameters(recurse: false).Should().BeEmpty();
    }

    [Fact]
    public void An_empty_sequence_hands_its_input_on()
    {
        using var scope = NewDisposeScope();
        var input = ones(2);
        var output = Sequential().call(input);

        output.Should().NotBeSameAs(input);
        output.allclose(input, 0, 0).Should().BeTrue();
    }

    [Fact]
    public void A_sequence_disposes_what_lies_between_its_modules_but_not_its_input()
    {
        using var input = ones(1, 2);
        using var sequence = Sequential(Linear(2, 3), ReLU(), Linear(3, 1));
        using var scope = NewDisposeScope();

        var output = sequence.call(input);

        scope.DisposablesCount.Should().Be(1);
        scope.Contains(output).Should().BeTrue();
        input.IsInvalid.Should().BeFalse();
        output.sum().backward();
        sequence.parameters().First().grad.Should().NotBeNull();
    }

    [Fact]
    public void Parts_of_a_sequence_are_sequences_over_the_same_modules()
    {
        using var sequence = Sequential(Linear(2, 3), ReLU(), Linear(3, 1));

        sequence.Count.Should().Be(3);
        sequence[1].Should().BeOfType<ReLU>();
        sequence[1..].Count.Should().Be(2);
        sequence[..^1].named_children().Select(c => c.name).Should().Equal("0", "1");
        sequence[(1, null)][0].Should().BeSameAs(sequence[1]);
        sequence.Invoking(s => s[(0, 4)]).Should().Throw<IndexOutOfRangeException>();
    }

    [Fact]
    public void A_sequence_sets_the_mode_of_its_modules()
    {
        using var sequence = Sequential(("drop", Dropout(0.5)), ("inner", Sequential(Dropout(0.5))));

        sequence.eval();
        sequence.named_modules().Where(m => m.module is Dropout).Should().OnlyContain(m => !m.module.training);
        sequence.train();
        sequence.named_modules().Where(m => m.module is Dropout).Should().OnlyContain(m => m.module.training);
    }

    [Fact]
    public void A_module_list_counts_as_one_submodule_with_numbered_parts()
    {
        using var holder = new Holder<ModuleList<Linear>>(ModuleList(Linear(1, 2), Linear(2, 1)));

        holder.state_dict().Keys.Should().Equal("held.0.weight", "held.0.bias", "held.1.weight", "held.1.bias");
        holder.Held.Count.Should().Be(2);
        holder.Held[1].in_features.Should().Be(2);
        holder.Held.Select(layer => layer.in_features).Should().Equal(1, 2);
        holder.eval();
        holder.Held.Should().OnlyContain(layer => !layer.training);
    }

    [Fact]
    public void A_module_list_that_nobody_registered_has_no_parts_yet()
    {
        using var list = ModuleList(Linear(1, 2));
        list.parameters().Should().BeEmpty();
    }

    [Fact]
    public void A_module_dictionary_keeps_the_order_of_its_entries()
    {
        using var holder = new Holder<ModuleDict<Module<Tensor, Tensor>>>(
            ModuleDict<Module<Tensor, Tensor>>(("z", Linear(1, 2)), ("a", Linear(2, 1, hasBias: false))));

        holder.state_dict().Keys.Should().Equal("held.z.weight", "held.z.bias", "held.a.weight");
        holder.Held.Keys.Should().Equal("z", "a");
        holder.Held["a"].Should().BeOfType<Linear>();
        holder.Held.ContainsKey("b").Should().BeFalse();
    }

    [Fact]
    public void Lists_and_dictionaries_of_parameters_count_as_submodules()
    {
        using var list = new Holder<ParameterList>(ParameterList(Parameter(ones(1)), Parameter(ones(2))));
        using var dictionary = new Holder<ParameterDict>(ParameterDict(("b", Parameter(ones(1))), ("a", Parameter(ones(2)))));

        list.named_parameters().Select(p => p.name).Should().Equal("held.0", "held.1");
        dictionary.named_parameters().Select(p => p.name).Should().Equal("held.b", "held.a");

        list.to(ScalarType.Float64);
        list.Held[1].dtype.Should().Be(ScalarType.Float64);
        list.parameters().Should().OnlyContain(p => p.dtype == ScalarType.Float64);
    }

    [Fact]
    public void An_ordered_dictionary_is_read_by_key_and_by_position()
    {
        var dictionary = new OrderedDict<string, int> { ("b", 1), ("a", 2) };
        dictionary.Insert(1, ("c", 3));
        dictionary["a"] = 4;

        ((IEnumerable<(string, int)>)dictionary).Should().Equal(("b", 1), ("c", 3), ("a", 4));
        dictionary[1].Should().Be(("c", 3));
        dictionary.Remove("b").Should().BeTrue();
        dictionary.Keys.Should().Equal("c", "a");
        dictionary.TryGetValue("b", out _).Should().BeFalse();
        dictionary.Invoking(d => d.Add("a", 1)).Should().Throw<ArgumentException>();
    }

    private sealed class Holder<T> : Module where T : Module
    {
        private readonly T held;

        public Holder(T held) : base(nameof(Holder<T>))
        {
            this.held = held;
            RegisterComponents();
        }

        public T Held => held;
    }
}
