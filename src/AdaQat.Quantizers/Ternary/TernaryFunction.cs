using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Ternary;

/// <summary>TTQ's ternary weights with their gradients as one node of the autograd graph.</summary>
internal sealed class TernaryFunction : SingleTensorFunction<TernaryFunction>
{
    public override string Name => "Ternary";

    /// <summary>ŵ for a weight of any shape, and scales that are scalars of its type.</summary>
    public static Tensor Apply(Tensor weight, Tensor positive, Tensor negative, TernaryOptions options, TernaryQuantizer quantizer) =>
        apply(weight, positive, negative, options, quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (weight, positive, negative, options) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (TernaryOptions)vars[3]);
        var threshold = TernaryNumbers.Threshold(weight, options);
        ctx.save_for_backward([weight, threshold, positive, negative]);
        ctx.save_data(nameof(TernaryOptions), options);
        ctx.save_data(nameof(Quantizer), vars[4]);
        return FusedTernary.Serves(weight, options)
            ? FusedTernary.Forward(weight, threshold, positive, negative)
            : TernaryOperators.Forward(weight, threshold, positive, negative);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => Gradients(ctx, grad_output),
            () => [FullLike(grad_output, double.NaN), Unknown(grad_output), Unknown(grad_output), null!, null!]);
    }

    private static List<Tensor> Gradients(AutogradContext ctx, Tensor gradient)
    {
        var saved = ctx.get_saved_variables();
        using var weight = saved[0];
        using var threshold = saved[1];
        using var positive = saved[2];
        using var negative = saved[3];
        // A graph of the gradient itself is made of the operators alone.
        var isFused = FusedTernary.Serves(weight, (TernaryOptions)ctx.get_data(nameof(TernaryOptions))) && !is_grad_enabled();
        var (forWeight, forPositive, forNegative) = isFused
            ? FusedTernary.Backward(gradient, weight, threshold, positive, negative)
            : TernaryOperators.Backward(gradient, weight, threshold, positive, negative);
        return [forWeight, forPositive, forNegative, null!, null!];
    }

    private static Tensor Unknown(Tensor gradient) => Full([], double.NaN, dtype: gradient.dtype, device: gradient.device);
}
