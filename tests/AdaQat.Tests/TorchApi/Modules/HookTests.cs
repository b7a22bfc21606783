using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>What a call does around a forward.</summary>
public sealed class HookTests
{
    [Fact]
    public void A_call_runs_module_pre_hooks_pre_hooks_forward_post_hooks_and_module_post_hooks()
    {
        using var module = new Recorder();
        module.register_forward_hook(_ => module.Events.Add("module post"));
        module.register_forward_hook((_, _, _) => module.Note("post"));
        module.register_forward_pre_hook((_, _) => module.Note("pre"));
        module.register_forward_pre_hook(_ => module.Events.Add("module pre"));

        module.call(ones(1));

        module.Events.Should().Equal("module pre", "pre", "forward", "post", "module post");
    }

    [Fact]
    public void Forward_alone_runs_no_hook()
    {
        using var module = new Recorder();
        module.register_forward_pre_hook((_, _) => module.Note("pre"));
        module.register_forward_hook(_ => module.Events.Add("module post"));

        module.forward(ones(1));

        module.Events.Should().Equal("forward");
    }

    [Fact]
    public void Pre_hooks_replace_the_input_one_after_the_other_and_null_keeps_it()
    {
        using var module = new Recorder();
        module.register_forward_pre_hook((_, input) => input + 1);
        module.register_forward_pre_hook((_, _) => null!);
        module.register_forward_pre_hook((_, input) => input * 10);

        module.call(ones(1)).item<float>().Should().Be(20);
    }

    [Fact]
    public void Post_hooks_see_the_replaced_input_and_replace_the_result()
    {
        using var module = new Recorder();
        module.register_forward_pre_hook((_, input) => input + 1);
        module.register_forward_hook((_, input, output) => input * 100 + output);
        module.register_forward_hook((_, _, _) => null!);

        module.call(ones(1)).item<float>().Should().Be(202);
    }

    [Fact]
    public void Pre_hooks_of_a_module_of_two_arguments_replace_both()
    {
        using var module = new Difference();
        module.register_forward_pre_hook((_, a, b) => (b, a));
        module.register_forward_pre_hook((_, _, _) => null);

        module.call(tensor(5f), tensor(2f)).item<float>().Should().Be(-3);
    }

    [Fact]
    public void A_removed_hook_runs_no_more()
    {
        using var module = new Recorder();
        var removers = new[]
        {
            module.register_forward_pre_hook((_, _) => module.Note("pre")),
            module.register_forward_hook((_, _, _) => module.Note("post")),
        };
        var moduleHook = module.register_forward_pre_hook(_ => module.Events.Add("module pre"));

        foreach (var remover in removers) remover.remove();
        moduleHook.remove();
        moduleHook.remove();
        module.call(ones(1));

        module.Events.Should().Equal("forward");
    }

    [Fact]
    public void A_hook_may_remove_itself_while_it_runs()
    {
        using var module = new Recorder();
        HookableModule<Func<Module<Tensor, Tensor>, Tensor, Tensor>, Func<Module<Tensor, Tensor>, Tensor, Tensor, Tensor>>.HookRemover? own = null;
        own = module.register_forward_pre_hook((_, _) =>
        {
            own!.remove();
            return module.Note("once");
        });

        module.call(ones(1));
        module.call(ones(1));

        module.Events.Should().Equal("once", "forward", "forward");
    }

    [Fact]
    public void No_post_hook_runs_when_forward_throws()
    {
        using var module = new Recorder { Fails = true };
        module.register_forward_hook((_, _, _) => module.Note("post"));
        module.register_forward_hook(_ => module.Events.Add("module post"));

        module.Invoking(m => m.call(ones(1))).Should().Throw<InvalidOperationException>();

        module.Events.Should().Equal("forward");
    }

    [Fact]
    public void A_sequence_calls_its_modules_so_that_their_hooks_run()
    {
        var inner = new Recorder();
        using var sequence = Sequential(ReLU(), inner, Identity());
        inner.register_forward_pre_hook((_, input) => input + 1);

        sequence.call(ones(1)).item<float>().Should().Be(2);
    }

    private sealed class Recorder() : Module<Tensor, Tensor>(nameof(Recorder))
    {
        public List<string> Events { get; } = [];

        public bool Fails { get; init; }

        public Tensor Note(string what)
        {
            Events.Add(what);
            return null!;
        }

        public override Tensor forward(Tensor input)
        {
            Events.Add("forward");
            return Fails ? throw new InvalidOperationException("as asked") : input.alias();
        }
    }

    private sealed class Difference() : Module<Tensor, Tensor, Tensor>(nameof(Difference))
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1 - input2;
    }
}
