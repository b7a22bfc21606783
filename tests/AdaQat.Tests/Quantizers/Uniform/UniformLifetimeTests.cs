using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Uniform;

public sealed class UniformLifetimeTests
{
    public static TheoryData<KernelChoice> Kernels => [.. Enum.GetValues<KernelChoice>()];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Calls_codes_and_calibration_leave_no_more_than_those_of_Pact(KernelChoice kernels)
    {
        using var x = Make.Random(128, ScalarType.Float32).reshape(2, 4, 16);
        using var pact = Make.Pact(4, alpha: 1);
        var (call, calibration, codes) = Left(pact);
        foreach (var (quantizer, what) in MakeUniform.Every(BitWidth.Fixed("q", 4), [2, 4, 16], kernels))
        {
            using (quantizer)
            {
                var left = Left(quantizer);
                left.Call.Should().BeLessThanOrEqualTo(call, "TorchSharp leaves one for each argument of a function; {0}", what);
                (left.Calibration, left.Codes).Should().Be((calibration, codes), "of {0}", what);
                LiveTensors.LeftBy(() => (quantizer as FixedPointQuantizer)?.Format(x)).Should().Be(0, "of {0}", what);
                LiveTensors.LeftBy(() => (quantizer as LsqQuantizer)?.StepSize().Dispose()).Should().Be(0, "of {0}", what);
            }
        }

        // In no dispose scope: what is left is the garbage collector's.
        (long Call, long Calibration, long Codes) Left(Quantizer quantizer)
        {
            quantizer.Calibrate(x);
            quantizer.call(x).Dispose();
            return (
                LiveTensors.LeftBy(() => quantizer.call(x).Dispose()),
                LiveTensors.LeftBy(() => quantizer.Calibrate(x)),
                LiveTensors.LeftBy(() => quantizer.Encode(x).Dispose()));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_backward_pass_on_a_thread_without_a_scope_leaves_only_the_last_gradients(KernelChoice kernels)
    {
        using var thread = new OtherThread();
        foreach (var (quantizer, what) in MakeUniform.Every(BitWidth.Fixed("q", 4), [2, 4, 16], kernels))
        {
            using var x = Make.Random(128, ScalarType.Float32).reshape(2, 4, 16).requires_grad_();
            using (quantizer)
            {
                quantizer.Calibrate(x);
                Pass();
                Pass();

                var left = Enumerable.Range(0, 4).Select(_ => thread.LeftBy(Pass)).ToList();

                left.Should().OnlyContain(l => l == 0, "each pass of {0} disposes what the one before it returned", what);
            }

            void Pass()
            {
                using var scope = NewDisposeScope();
                var sum = quantizer.call(x).sum();
                thread.Run(() => sum.backward());
            }
        }
    }

    [Fact]
    public void A_backward_pass_that_fails_gives_NaN_and_its_error_comes_with_the_next_call()
    {
        foreach (var (quantizer, what) in MakeUniform.Every(BitWidth.Fixed("q", 4), [2, 4, 16], KernelChoice.Fused))
        {
            using var scope = NewDisposeScope();
            using (quantizer)
            {
                var leaf = Make.Random(128, ScalarType.Float32).reshape(2, 4, 16).requires_grad_();
                quantizer.Calibrate(leaf);
                var latent = leaf * 1;
                var sum = quantizer.call(latent).sum();
                using (no_grad())
                {
                    // What is saved for the backward pass is no longer what it was.
                    latent.add_(1);
                }

                sum.backward();

                Near.Numbers(leaf.grad!).Should().OnlyContain(g => double.IsNaN(g), "of {0}", what);
                quantizer.parameters().SelectMany(p => Near.Numbers(p.grad!)).Should().NotContain(g => !double.IsNaN(g), "of {0}", what);
                quantizer.Invoking(q => q.call(latent)).Should().Throw<Exception>().WithMessage("*modified by an inplace operation*");
            }
        }
    }
}
