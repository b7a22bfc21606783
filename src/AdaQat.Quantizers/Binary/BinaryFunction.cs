using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Binary;

/// <summary>Binary weights with their straight-through gradient as one node of the autograd graph.</summary>
internal sealed class BinaryFunction : SingleTensorFunction<BinaryFunction>
{
    public override string Name => "Binary";

    /// <summary>ŵ for a weight of any shape.</summary>
    public static Tensor Apply(Tensor weight, BinaryOptions options, BinaryQuantizer quantizer) => apply(weight, options, quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (weight, options) = ((Tensor)vars[0], (BinaryOptions)vars[1]);
        var scale = BinaryScale.Of(weight, options);
        ctx.save_for_backward([weight, scale]);
        ctx.save_data(nameof(BinaryOptions), options);
        ctx.save_data(nameof(Quantizer), vars[2]);
        return FusedBinary.Serves(weight, options)
            ? FusedBinary.Forward(weight, scale, options.Granularity)
            : BinaryOperators.Forward(weight, scale, options.Granularity);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => [Gradient(ctx, grad_output), null!, null!],
            () => [FullLike(grad_output, double.NaN), null!, null!]);
    }

    private static Tensor Gradient(AutogradContext ctx, Tensor gradient)
    {
        var options = (BinaryOptions)ctx.get_data(nameof(BinaryOptions));
        var saved = ctx.get_saved_variables();
        using var weight = saved[0];
        using var scale = saved[1];
        // A graph of the gradient itself is made of the operators alone.
        return FusedBinary.Serves(weight, options) && !is_grad_enabled()
            ? FusedBinary.Backward(gradient, weight, scale, options)
            : BinaryOperators.Backward(gradient, weight, scale, options);
    }
}
