using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>PACT in one pass over memory forward and one backward: for dense float32 and float64 tensors on the CPU.</summary>
internal static unsafe class FusedPact
{
    /// <summary>Whether this path serves a call; the operators serve every other. One signed bit has no grid with equal steps.</summary>
    public static bool Serves(Tensor input, PactForm form) =>
        form.Kernels == KernelChoice.Fused && DenseMemory.Serves(input) && !(form.IsSigned && form.Bits == 1);

    /// <summary>x̂.</summary>
    public static Tensor Forward(Tensor input, Tensor clippingValue, PactForm form) => input.dtype == ScalarType.Float32
        ? Forward<float>(input, clippingValue, form)
        : Forward<double>(input, clippingValue, form);

    /// <summary>∂L/∂x, where it is needed, and ∂L/∂α.</summary>
    public static (Tensor? ForInput, Tensor ForClippingValue) Backward(
        Tensor gradient, Tensor input, Tensor clippingValue, PactForm form, bool needsInput) => input.dtype == ScalarType.Float32
        ? Backward<float>(gradient, input, clippingValue, form, needsInput)
        : Backward<double>(gradient, input, clippingValue, form, needsInput);

    private static Tensor Forward<T>(Tensor input, Tensor clippingValue, PactForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var grid = new PactGrid<T>(Alpha<T>(clippingValue), form.Bits, form.IsSigned);
        var quantized = empty_like(input);
        using var x = new DenseMemory<T>(input);
        using var target = new DenseMemory<T>(quantized);
        Blocks.Run(input.numel(), (_, start, length) =>
        {
            var step = new PactForwardStep<T>(grid);
            VectorLoop.Run(ref step, x.From(start), x.From(start), target.From(start), length);
        });
        return quantized;
    }

    private static (Tensor? ForInput, Tensor ForClippingValue) Backward<T>(
        Tensor gradient, Tensor input, Tensor clippingValue, PactForm form, bool needsInput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var alpha = Alpha<T>(clippingValue);
        var fresh = new PactBackwardStep<T>(new PactGrid<T>(alpha, form.Bits, form.IsSigned));
        var forInput = needsInput ? empty_like(input) : null;
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var target = forInput is null ? null : new DenseMemory<T>(forInput);
        var sums = new (double Outside, double Inside)[Blocks.Count(input.numel())];
        Blocks.Run(input.numel(), (block, start, length) => sums[block] = BlockSums.Run(
            fresh, x.From(start), g.From(start), target is null ? null : target.From(start), length, static s => (s.Outside, s.Inside)));
        var forAlpha = sums.Sum(s => s.Outside);
        if (form.Gradient == PactGradient.Calibrated)
        {
            forAlpha += sums.Sum(s => s.Inside) / double.CreateChecked(alpha);
        }

        return (forInput, full(clippingValue.shape, forAlpha, dtype: input.dtype));
    }

    /// <summary>α as the operators get it. On the CPU this reads memory; there is nothing to wait for.</summary>
    private static T Alpha<T>(Tensor clippingValue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.Max(clippingValue.item<T>(), T.CreateChecked(PactActivationQuantizer.SmallestClippingValue));
}
