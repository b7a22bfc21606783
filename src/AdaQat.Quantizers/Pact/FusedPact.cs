using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Pact;

/// <summary>PACT in one pass over memory forward and one backward: for dense float32 and float64 tensors on the CPU.</summary>
internal static unsafe class FusedPact
{
    /// <summary>Whether this path serves a call; the operators serve every other. One signed bit has no grid with equal steps.</summary>
    public static bool Serves(Tensor input, PactForm form) =>
        form.Kernels == KernelChoice.Fused && DenseMemory.Serves(input) && !(form.IsSigned && form.Bits == 1);

    /// <summary>
    /// α as the operators get it, of a scalar in float32 or float64. On the CPU this reads memory; there is nothing to wait for.
    /// </summary>
    public static double ClippingValue(Tensor clippingValue) => Math.Max(
        clippingValue.dtype == ScalarType.Float32 ? clippingValue.item<float>() : clippingValue.item<double>(),
        PactActivationQuantizer.SmallestClippingValue);

    /// <summary>x̂, into a tensor that is laid out as the input is.</summary>
    public static void Forward(Tensor input, double clippingValue, PactForm form, Tensor quantized)
    {
        if (input.dtype == ScalarType.Float32)
        {
            Forward<float>(input, clippingValue, form, quantized);
        }
        else
        {
            Forward<double>(input, clippingValue, form, quantized);
        }
    }

    /// <summary>∂L/∂α, and ∂L/∂x where it is needed.</summary>
    /// <param name="gradient">∂L/∂x̂.</param>
    /// <param name="input">x.</param>
    /// <param name="clippingValue">α.</param>
    /// <param name="form">The formula.</param>
    /// <param name="forInput">
    /// Gets ∂L/∂x: laid out as the input is, may be <paramref name="gradient"/> itself then; null where it is not needed.
    /// </param>
    public static double Backward(Tensor gradient, Tensor input, double clippingValue, PactForm form, Tensor? forInput) =>
        (input.dtype == ScalarType.Float32, form.IsSigned) switch
        {
            (true, false) => Backward<float, UnsignedPactRange>(gradient, input, clippingValue, form, forInput),
            (true, true) => Backward<float, SignedPactRange>(gradient, input, clippingValue, form, forInput),
            (false, false) => Backward<double, UnsignedPactRange>(gradient, input, clippingValue, form, forInput),
            (false, true) => Backward<double, SignedPactRange>(gradient, input, clippingValue, form, forInput),
        };

    private static void Forward<T>(Tensor input, double clippingValue, PactForm form, Tensor quantized)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var grid = new PactGrid<T>(T.CreateChecked(clippingValue), form.Bits, form.IsSigned);
        using var x = new DenseMemory<T>(input);
        using var target = new DenseMemory<T>(quantized);
        Blocks.Run(input.numel(), (_, start, length) =>
        {
            var step = new PactForwardOperator<T>(grid);
            VectorLoop.Run(ref step, x.From(start), x.From(start), target.From(start), length);
        });
    }

    private static double Backward<T, TRange>(Tensor gradient, Tensor input, double clippingValue, PactForm form, Tensor? forInput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRange : struct, IPactRange
    {
        var fresh = new PactBackwardOperator<T, TRange>(new PactGrid<T>(T.CreateChecked(clippingValue), form.Bits, form.IsSigned));
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var target = forInput is null ? null : new DenseMemory<T>(forInput);
        var sums = new (double Outside, double Inside)[Blocks.Count(input.numel())];
        Blocks.Run(input.numel(), (block, start, length) => sums[block] = BlockSums.Run(
            fresh, x.From(start), g.From(start), target is null ? null : target.From(start), length, static s => (s.Outside, s.Inside)));
        var outside = sums.Sum(s => s.Outside);
        return form.Gradient == PactGradient.Calibrated
            ? outside + (sums.Sum(s => s.Inside) / double.CreateChecked(T.CreateChecked(clippingValue)))
            : outside;
    }
}
