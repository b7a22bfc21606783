using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Codebook;

/// <summary>Weights by a codebook with their gradients as one node of the autograd graph.</summary>
internal sealed class CodebookFunction : SingleTensorFunction<CodebookFunction>
{
    public override string Name => "Codebook";

    /// <summary>ŵ for a weight of any shape and ascending levels of its type.</summary>
    public static Tensor Apply(Tensor weight, Tensor levels, CodebookOptions options, CodebookQuantizer quantizer) =>
        apply(weight, levels, options, quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (weight, levels, options) = ((Tensor)vars[0], (Tensor)vars[1], (CodebookOptions)vars[2]);
        ctx.save_for_backward([weight, levels]);
        ctx.save_data(nameof(CodebookOptions), options);
        ctx.save_data(nameof(Quantizer), vars[3]);
        ctx.save_data(nameof(levels), levels.requires_grad);
        return FusedCodebook.Serves(weight, options.Kernels)
            ? FusedCodebook.Forward(weight, levels)
            : CodebookOperators.Forward(weight, levels);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => Gradients(ctx, grad_output),
            () => [FullLike(grad_output, double.NaN), null!, null!, null!]);
    }

    private static List<Tensor> Gradients(AutogradContext ctx, Tensor gradient)
    {
        var options = (CodebookOptions)ctx.get_data(nameof(CodebookOptions));
        var saved = ctx.get_saved_variables();
        using var weight = saved[0];
        using var levels = saved[1];
        if (!(bool)ctx.get_data("levels"))
        {
            return [gradient.clone(), null!, null!, null!];
        }

        // A graph of the gradient itself is made of the operators alone.
        var forLevels = FusedCodebook.Serves(weight, options.Kernels) && !is_grad_enabled()
            ? FusedCodebook.BackwardLevels(gradient, weight, levels, options.ScalesLevelGradient)
            : CodebookOperators.BackwardLevels(gradient, weight, levels, options.ScalesLevelGradient);
        return [gradient.clone(), forLevels, null!, null!];
    }
}
