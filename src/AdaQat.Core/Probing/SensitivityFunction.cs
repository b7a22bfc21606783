using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Probing;

/// <summary>The identity, which shows the gradient that comes back through it to a <see cref="SensitivityWatch"/> and passes it on as it is.</summary>
internal sealed class SensitivityFunction : SingleTensorFunction<SensitivityFunction>
{
    public override string Name => "Sensitivity";

    /// <summary><paramref name="quantized"/> itself, in a tensor of its own.</summary>
    /// <param name="quantized">What a quantizer made.</param>
    /// <param name="source">What it made it of, without gradient.</param>
    /// <param name="watch">Gets the gradient and both of these.</param>
    public static Tensor Apply(Tensor quantized, Tensor source, SensitivityWatch watch) => apply(quantized, source, watch);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (quantized, source) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([quantized, source]);
        ctx.save_data(nameof(SensitivityWatch), vars[2]);
        return quantized.alias();
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var watch = (SensitivityWatch)ctx.get_data(nameof(SensitivityWatch));
        using var received = grad_output;
        watch.See(grad_output, ctx.get_saved_variables);
        return watch.Guard.Run(() => [grad_output.alias(), null!, null!], () => [null!, null!, null!]);
    }
}
