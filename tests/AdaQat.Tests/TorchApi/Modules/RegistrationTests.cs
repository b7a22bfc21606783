using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Which parts a module has, under which names and in which order.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Fields_become_components_in_their_order_under_their_names()
    {
        using var module = new Fields();

        module.named_parameters().Select(p => p.name).Should().Equal("scale", "renamed", "first.weight", "first.bias", "second.weight");
        module.named_buffers().Select(b => b.name).Should().Equal("offset");
        module.named_children().Select(c => c.name).Should().Equal("first", "second");
        module.has_parameter("first.bias").Should().BeTrue();
        module.has_parameter("first.missing").Should().BeFalse();
        module.has_buffer("offset").Should().BeTrue();
        module.get_parameter("second.weight").Should().NotBeNull();
        module.get_buffer("first.weight").Should().BeNull();
    }

    [Fact]
    public void Components_of_base_classes_come_after_those_of_the_derived_one()
    {
        using var module = new DerivedFields();
        module.named_children().Select(c => c.name).Should().Equal("own", "first", "second");
    }

    [Fact]
    public void Modules_are_listed_level_by_level_within_each_child_and_without_the_root()
    {
        using var module = new ResidualNetwork();
        module.named_modules().Select(m => m.name).Should().Equal("stem", "norm", "block", "head", "block.0", "block.1", "block.2");
        module.children().Should().HaveCount(4);
    }

    [Fact]
    public void A_name_can_be_registered_once_and_must_be_one()
    {
        using var module = new Fields();
        var parameter = Parameter(ones(1));

        module.Invoking(m => m.register_parameter("scale", parameter)).Should().Throw<InvalidOperationException>();
        module.Invoking(m => m.register_buffer("offset", ones(1))).Should().Throw<InvalidOperationException>();
        module.Invoking(m => m.register_module("first", ReLU())).Should().Throw<InvalidOperationException>();
        module.Invoking(m => m.register_module("a.b", ReLU())).Should().Throw<ArgumentException>();
        module.Invoking(m => m.register_module("", ReLU())).Should().Throw<ArgumentException>();
        module.Invoking(m => m.register_parameter("none", null!)).Should().Throw<ArgumentNullException>();
        module.Invoking(m => m.register_buffer("none", null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Registering_null_takes_a_submodule_out()
    {
        using var module = new Fields();
        module.register_module("first", null!);
        module.named_children().Select(c => c.name).Should().Equal("second");
    }

    [Fact]
    public void What_is_registered_on_a_layer_is_found_like_its_own_parameters()
    {
        using var network = new ResidualNetwork();
        var layer = (Conv2d)network.children().First();
        layer.register_parameter("clipping", Parameter(ones(1)));
        layer.register_buffer("counter", zeros(1));

        network.named_parameters().Select(p => p.name).Should().StartWith(["stem.weight", "stem.clipping"]);
        network.named_buffers().Select(b => b.name).Should().StartWith("stem.counter");
        network.state_dict().Should().ContainKeys("stem.clipping", "stem.counter");
    }

    [Fact]
    public void A_shared_module_is_listed_once_but_its_state_has_both_names()
    {
        using var module = new Shared();

        module.named_parameters().Select(p => p.name).Should().Equal("one.weight");
        module.state_dict().Keys.Should().Equal("one.weight", "two.weight");
    }

    [Fact]
    public void Buffers_that_are_not_persistent_are_not_part_of_the_state()
    {
        using var module = new Fields();
        module.register_buffer("scratch", ones(2), persistent: false);

        module.state_dict().Should().NotContainKey("scratch");
        module.has_buffer("scratch").Should().BeTrue();
        module.get_buffer("scratch").Should().NotBeNull();
    }

    [Fact]
    public void Setting_a_weight_replaces_it_in_place_and_disposes_the_old_one()
    {
        using var layer = Linear(3, 2);
        var old = layer.weight!;
        var replacement = Parameter(ones(2, 3));

        layer.weight = replacement;

        old.IsInvalid.Should().BeTrue();
        layer.named_parameters().Select(p => p.name).Should().Equal("weight", "bias");
        layer.parameters().First().Should().BeSameAs(replacement);
        layer.bias = null;
        layer.named_parameters().Select(p => p.name).Should().Equal("weight");
    }

    [Fact]
    public void Applying_visits_children_before_their_parents()
    {
        using var module = new ResidualNetwork();
        var visited = new List<string>();
        module.apply(m => visited.Add(m.GetType().Name));
        visited.Should().Equal("Conv2d", "BatchNorm2d", "Conv2d", "ReLU", "Conv2d", "Sequential", "Linear", "ResidualNetwork");
    }

    [Fact]
    public void A_module_without_parameters_takes_none()
    {
        using var module = ReLU();
        module.Invoking(m => m.register_parameter("p", Parameter(ones(1)))).Should().Throw<InvalidOperationException>();
        module.Invoking(m => m.register_buffer("b", ones(1))).Should().Throw<InvalidOperationException>();
        module.Invoking(m => m.register_module("m", Linear(1, 1))).Should().Throw<InvalidOperationException>();
    }

    private class Fields : Module<Tensor, Tensor>
    {
        protected readonly Parameter scale = Parameter(ones(1));

        [ComponentName(Name = "renamed")]
        protected readonly Parameter shift = Parameter(zeros(1));

        protected readonly Tensor offset = ones(2);
        protected readonly Linear first = Linear(2, 3);
        protected readonly Module<Tensor, Tensor> second = Linear(3, 1, hasBias: false);

        public Fields() : base(nameof(Fields)) => RegisterComponents();

        public override Tensor forward(Tensor input) => second.call(first.call(input * scale + shift + offset));
    }

    private sealed class DerivedFields : Fields
    {
        private readonly ReLU own = ReLU();

        // The base's constructor runs after this field has its value, so it registers this one too.
        public override Tensor forward(Tensor input) => own.call(base.forward(input));
    }

    private sealed class Shared : Module<Tensor, Tensor>
    {
        private readonly Linear one;
        private readonly Linear two;

        public Shared() : base(nameof(Shared))
        {
            one = two = Linear(2, 2, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => two.call(one.call(input));
    }
}
