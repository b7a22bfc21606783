using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.StandIn;

/// <summary>What the stand-in adds to custom functions: an exception in backward ends the call, not the process, and a node frees its state.</summary>
public sealed class CustomFunctionFailureTests
{
    private readonly Tensor x = torch.ones(3, requires_grad: true);

    [Fact]
    public void An_exception_in_backward_comes_out_as_itself()
    {
        var act = () => FailsBackward.apply(x).sum().backward();
        act.Should().Throw<TimeoutException>().WithMessage("backward failed").Which.StackTrace.Should().Contain(nameof(FailsBackward));
        x.grad.Should().BeNull();
    }

    [Fact]
    public void A_wrong_number_of_gradients_is_an_error_that_names_the_function()
    {
        var act = () => ReturnsTooMany.apply(x).sum().backward();
        act.Should().Throw<InvalidOperationException>().WithMessage("*ReturnsTooMany*");
    }

    [Fact]
    public void What_a_function_saved_goes_with_the_graph()
    {
        var saved = Run(x);
        for (var round = 0; round < 10 && saved.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        saved.IsAlive.Should().BeFalse();

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Run(Tensor x)
        {
            using var scope = torch.NewDisposeScope();
            var state = new object();
            KeepsState.apply(x, state).sum().backward();
            return new WeakReference(state);
        }
    }

    [Fact]
    public void An_input_changed_in_place_is_returned_and_known_to_be_changed()
    {
        var y = x * 1;
        var changed = DoublesInPlace.apply(y);
        changed.data<float>().ToArray().Should().Equal(2, 2, 2);
        changed.sum().backward();
        x.grad.data<float>().ToArray().Should().Equal(2, 2, 2);
    }

    [Fact]
    public void A_function_used_by_many_threads_answers_each()
    {
        var results = new double[8];
        Parallel.For(0, results.Length, i =>
        {
            using var scope = torch.NewDisposeScope();
            var leaf = torch.full(4, (double)i, torch.float64, requires_grad: true);
            for (var step = 0; step < 50; step++) Core.ScaledCube.apply(leaf, 1.0).sum().backward();
            results[i] = leaf.grad.sum().item<double>();
        });
        results.Should().Equal(Enumerable.Range(0, 8).Select(i => 50.0 * 4 * 3 * i * i));
    }
}
