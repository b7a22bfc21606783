using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Levels;

/// <summary>A value in place of what it was made of, whose gradient that gets, unchanged.</summary>
internal sealed class StraightThroughFunction : SingleTensorFunction<StraightThroughFunction>
{
    public override string Name => "StraightThrough";

    /// <summary>The quantized values in a tensor of their own.</summary>
    /// <param name="source">Gets the gradient.</param>
    /// <param name="quantized">Of the same shape; no gradient reaches it.</param>
    /// <param name="quantizer">Whose backward pass it is.</param>
    public static Tensor Apply(Tensor source, Tensor quantized, Quantizer quantizer) => apply(source, quantized.detach(), quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(nameof(Quantizer), vars[2]);
        return ((Tensor)vars[1]).alias();
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => [grad_output.clone(), null!, null!],
            () => [FullLike(grad_output, double.NaN), null!, null!]);
    }
}
