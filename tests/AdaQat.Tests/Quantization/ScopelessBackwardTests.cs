using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantization;

/// <summary>
/// A GPU's backward pass runs on libtorch's own thread, where no dispose scope of the caller's is. Here it runs on a thread of ours:
/// nothing may be left there to the garbage collector.
/// </summary>
public sealed class ScopelessBackwardTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Convolutional();
    private readonly Tensor _input;
    private readonly Tensor _target;

    public ScopelessBackwardTests() => (_input, _target) = Networks.Images(4);

    public void Dispose()
    {
        _model.Dispose();
        _input.Dispose();
        _target.Dispose();
    }

    [Theory]
    [InlineData(KernelChoice.Fused)]
    [InlineData(KernelChoice.Operators)]
    public void Steps_with_learned_widths_on_one_thread_leave_nothing_there(KernelChoice kernels)
    {
        using var quantized = QuantizedModel.Attach(_model, _input, Scheme(kernels));
        using var weights = optim.SGD(quantized.Parameters(), 0.1);
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);

        LeftAfterEachStep(s => Step(weights, widths, s)).Should().OnlyContain(left => left == 0, "a step of the widths ends the pass");
    }

    [Theory]
    [InlineData(KernelChoice.Fused)]
    [InlineData(KernelChoice.Operators)]
    public void Steps_that_estimate_leave_nothing_there(KernelChoice kernels)
    {
        using var quantized = QuantizedModel.Attach(
            _model, _input, Scheme(kernels) with { WeightSharing = WidthSharing.Layer, ActivationSharing = WidthSharing.Layer });
        using var weights = optim.SGD(quantized.Parameters(), 0.1);
        var widths = new BitWidthOptimizer(quantized, Schedules.Economical with { ProbeInterval = 1, MaximumProbesPerStep = 1 });

        LeftAfterEachStep(s => Step(weights, widths, s)).Should().OnlyContain(left => left == 0);
        widths.Steps.Should().Be(7);
    }

    [Theory]
    [InlineData(KernelChoice.Fused)]
    [InlineData(KernelChoice.Operators)]
    public void In_a_loop_without_widths_only_the_last_gradients_stay_until_the_next_pass(KernelChoice kernels)
    {
        using var quantized = QuantizedModel.Attach(_model, _input, Scheme(kernels));
        using var weights = optim.SGD(quantized.Parameters(), 0.1);

        var left = LeftAfterEachStep(s => Step(weights, null, s));

        left.Should().OnlyContain(l => l == left[0]);
        left[0].Should().BeInRange(0, 2, "those of the node that came last");
    }

    [Fact]
    public void Threads_that_end_leave_nothing_behind()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        using var weights = optim.SGD(quantized.Parameters(), 0.1);

        Steps(2);
        Steps(9).Should().Be(0, "each has disposed what the one before it returned last, and returned as much");

        long Steps(int count)
        {
            var onThreads = 0L;
            var here = LiveTensors.LeftBy(() =>
            {
                for (var i = 0; i < count; i++)
                {
                    using var thread = new OtherThread();
                    Step(weights, null, thread);
                    onThreads += thread.Live;
                }
            });
            return here + onThreads;
        }
    }

    [Fact]
    public void A_backward_pass_that_fails_leaves_nothing_either()
    {
        using var quantizer = new PactQuantizer(BitWidth.Fixed("a", 4), options: new PactOptions { ClippingValue = 1 });
        using var thread = new OtherThread();
        Fail();

        var left = thread.LeftBy(Fail);

        left.Should().Be(0);

        void Fail()
        {
            using var scope = NewDisposeScope();
            var leaf = rand(8).requires_grad_();
            var latent = leaf * 1;
            var loss = quantizer.call(latent).sum();
            using (no_grad())
            {
                latent.add_(1);
            }

            thread.Run(() => loss.backward());
            quantizer.Invoking(q => q.call(latent)).Should().Throw<Exception>();
        }
    }

    [Fact]
    public void What_a_users_own_function_makes_on_the_way_is_disposed()
    {
        using var quantizer = new PactQuantizer(BitWidth.Fixed("a", 4));
        using var thread = new OtherThread();

        var left = thread.LeftBy(() => thread.Run(() =>
        {
            var gradients = quantizer.RunBackward(() => [ones(4) * ones(4), null!], () => [zeros(4), null!]);
            gradients[0].numel().Should().Be(4);
        }));

        left.Should().Be(1, "that itself stays until the next one");
    }

    private static QuantizationOptions Scheme(KernelChoice kernels) => new()
    {
        Weights = new DoReFaOptions { Kernels = kernels },
        Activations = new PactOptions { Kernels = kernels },
    };

    /// <summary>How many tensors a step leaves, of five, on both threads together.</summary>
    private static List<long> LeftAfterEachStep(Action<OtherThread> step)
    {
        using var thread = new OtherThread();
        step(thread);
        // The second step disposes what would have taken back the ranges that the first one started.
        step(thread);
        return Enumerable.Range(0, 5).Select(_ => thread.LeftBy(() => step(thread))).ToList();
    }

    private void Step(optim.Optimizer weights, BitWidthOptimizer? widths, OtherThread thread)
    {
        using var scope = NewDisposeScope();
        weights.zero_grad();
        var loss = Loss();
        thread.Run(() => loss.backward());
        widths?.Step(loss, Loss);
        weights.step();
    }

    private Tensor Loss() => nn.functional.cross_entropy(_model.call(_input), _target);
}
