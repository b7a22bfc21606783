using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Uniform;

/// <summary>A uniform grid whose numbers have no gradient, with its straight-through gradient, as one node of the autograd graph.</summary>
internal sealed class UniformFunction : SingleTensorFunction<UniformFunction>
{
    public override string Name => "Uniform";

    /// <summary>x̂ for an input of any shape and the numbers of its grid, of the same type.</summary>
    public static Tensor Apply(Tensor input, Tensor numbers, UniformForm form, Quantizer quantizer) =>
        apply(input, numbers, form, quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, numbers, form) = ((Tensor)vars[0], (Tensor)vars[1], (UniformForm)vars[2]);
        ctx.save_for_backward([input, numbers]);
        ctx.save_data(nameof(UniformForm), form);
        ctx.save_data(nameof(Quantizer), vars[3]);
        return FusedUniform.Serves(input, form.Granularity, form.Kernels)
            ? FusedUniform.Forward(input, numbers, form)
            : UniformOperators.Forward(input, numbers, form);
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
        var form = (UniformForm)ctx.get_data(nameof(UniformForm));
        var saved = ctx.get_saved_variables();
        using var input = saved[0];
        using var numbers = saved[1];
        // A graph of the gradient itself is made of the operators alone.
        return FusedUniform.Serves(input, form.Granularity, form.Kernels) && !is_grad_enabled()
            ? FusedUniform.Backward(gradient, input, numbers, form)
            : UniformOperators.BackwardInput(gradient, input, numbers, form);
    }
}
