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
        ctx.save_for_backward([weight]);
        ctx.save_data(nameof(BinaryOptions), options);
        ctx.save_data(nameof(Quantizer), vars[2]);
        return BinaryOperators.Forward(weight, options.Granularity);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => [Gradient(ctx, grad_output), null!, null!],
            () => [full_like(grad_output, double.NaN), null!, null!]);
    }

    private static Tensor Gradient(AutogradContext ctx, Tensor gradient)
    {
        var options = (BinaryOptions)ctx.get_data(nameof(BinaryOptions));
        using var weight = ctx.get_saved_variables()[0];
        return BinaryOperators.Backward(gradient, weight, options.Granularity, options.Gradient);
    }
}
