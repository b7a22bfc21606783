using AdaQat.Diagnostics;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Probing;

/// <summary>
/// The identity, which shows the gradient that comes back through it to a <see cref="GradientWatch"/> and passes it on as it is.
/// </summary>
internal sealed class GradientWatchFunction : SingleTensorFunction<GradientWatchFunction>
{
    public override string Name => "GradientWatch";

    /// <summary><paramref name="quantized"/> itself, in a tensor of its own.</summary>
    /// <param name="quantized">What a quantizer made.</param>
    /// <param name="source">What it made it of, without gradient.</param>
    /// <param name="watch">Gets the gradient and both of these.</param>
    public static Tensor Apply(Tensor quantized, Tensor source, GradientWatch watch) => apply(quantized, source, watch);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (quantized, source) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([quantized, source]);
        ctx.save_data(nameof(GradientWatch), vars[2]);
        return quantized.alias();
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var watch = (GradientWatch)ctx.get_data(nameof(GradientWatch));
        using var received = grad_output;
        watch.See(grad_output, ctx.get_saved_variables);
        return watch.Guard.Run(() => [grad_output.alias(), null!, null!], () => [null!, null!, null!]);
    }
}
