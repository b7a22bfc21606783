using AdaQat.Quantization;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Gradients;

/// <summary>The identity, which quantizes the gradient that comes back through it.</summary>
internal sealed class GradientFunction : SingleTensorFunction<GradientFunction>
{
    public override string Name => "QuantizedGradient";

    /// <summary><paramref name="output"/> itself, in a tensor of its own.</summary>
    /// <param name="output">What a layer computed.</param>
    /// <param name="options">How its gradient is quantized.</param>
    /// <param name="guard">Guards the backward passes of the model.</param>
    public static Tensor Apply(Tensor output, GradientOptions options, BackwardGuard guard) => apply(output, options, guard);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(nameof(GradientOptions), vars[1]);
        ctx.save_data(nameof(BackwardGuard), vars[2]);
        return ((Tensor)vars[0]).alias();
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((BackwardGuard)ctx.get_data(nameof(BackwardGuard))).Run(
            () => [Quantized((GradientOptions)ctx.get_data(nameof(GradientOptions)), grad_output), null!, null!],
            () => [FullLike(grad_output, double.NaN), null!, null!]);
    }

    private static Tensor Quantized(GradientOptions options, Tensor gradient)
    {
        if (gradient.numel() == 0)
        {
            return gradient.clone();
        }

        var quantized = options.Quantize(gradient);
        return quantized is not null && quantized.shape.SequenceEqual(gradient.shape) && quantized.dtype == gradient.dtype
            ? quantized
            : throw new InvalidOperationException(
                $"{options.GetType().Name} made of a gradient [{string.Join(",", gradient.shape)}] of {gradient.dtype} "
                + (quantized is null ? "null." : $"one [{string.Join(",", quantized.shape)}] of {quantized.dtype}."));
    }
}
