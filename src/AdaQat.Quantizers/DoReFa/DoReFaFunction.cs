using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.DoReFa;

/// <summary>DoReFa with its straight-through gradient as one node of the autograd graph.</summary>
internal sealed class DoReFaFunction : SingleTensorFunction<DoReFaFunction>
{
    public override string Name => "DoReFa";

    /// <summary>ŵ for a weight of any shape.</summary>
    public static Tensor Apply(Tensor weight, int bits, DoReFaOptions options, DoReFaQuantizer quantizer) =>
        apply(weight, bits, options, quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (weight, bits, options) = ((Tensor)vars[0], (int)vars[1], (DoReFaOptions)vars[2]);
        ctx.save_data(nameof(Quantizer), vars[3]);
        if (FusedDoReFa.Serves(weight, options))
        {
            var (fused, transformed, range) = FusedDoReFa.Forward(weight, bits, options);
            ctx.save_for_backward([weight, transformed]);
            ctx.save_data(nameof(Saved), new Saved(options.Transform, range));
            return fused;
        }

        var (quantized, slope) = DoReFaOperators.Forward(weight, bits, options);
        ctx.save_for_backward([weight, slope]);
        ctx.save_data(nameof(Saved), new Saved(options.Transform, Range: null));
        return quantized;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => [Gradient(ctx, grad_output), null!, null!, null!],
            () => [FullLike(grad_output, double.NaN), null!, null!, null!]);
    }

    private static Tensor Gradient(AutogradContext ctx, Tensor gradient)
    {
        var (transform, range) = (Saved)ctx.get_data(nameof(Saved));
        var saved = ctx.get_saved_variables();
        using var weight = saved[0];
        using var other = saved[1];
        if (range is not null && !is_grad_enabled())
        {
            return FusedDoReFa.Backward(gradient, other, range, transform);
        }

        // A graph of the gradient itself is made of the operators alone.
        using var slope = range is null ? other.alias() : tensor(range.Slope, dtype: weight.dtype);
        return DoReFaOperators.Backward(gradient, weight, slope, transform);
    }

    /// <summary>
    /// What the backward pass needs besides the weight and, after it, t where the kernels have served (and there is a range), else c/m.
    /// </summary>
    private sealed record Saved(WeightTransform Transform, DoReFaRange? Range);
}
