using AdaQat.Quantizers.Uniform;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Lsq;

/// <summary>LSQ with its gradients as one node of the autograd graph.</summary>
/// <remarks>
/// LSQ scales ∂L/∂s by 1/√(N·Q), and a plain descent on s then takes −η·∂L/∂s/√(N·Q) a step. What is learned is t = s·√Q: with the gradient
/// ∂L/∂s/√N it takes the same step in s. The offset's gradient is ∂L/∂β/√(N·Q).
/// </remarks>
internal sealed class LsqFunction : SingleTensorFunction<LsqFunction>
{
    public override string Name => "Lsq";

    /// <summary>x̂ for an input of any shape; t and β of its type, with a number for each scale.</summary>
    public static Tensor Apply(Tensor input, Tensor unitStep, Tensor offset, LsqForm form, LsqQuantizer quantizer)
    {
        using var numbers = Numbers(unitStep, offset, form);
        return apply(input, unitStep, offset, numbers, form, quantizer);
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, numbers, form) = ((Tensor)vars[0], (Tensor)vars[3], (LsqForm)vars[4]);
        ctx.save_for_backward([input, numbers]);
        ctx.save_data(nameof(LsqForm), form);
        ctx.save_data(nameof(Quantizer), vars[5]);
        ctx.save_data(nameof(numbers), numbers.shape[1]);
        ctx.save_data(nameof(input), input.requires_grad);
        return FusedUniform.Serves(input, form.Uniform.Granularity, form.Uniform.Kernels)
            ? FusedUniform.Forward(input, numbers, form.Uniform)
            : UniformOperators.Forward(input, numbers, form.Uniform);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => Gradients(ctx, grad_output),
            () => Substitutes(ctx, grad_output));
    }

    private static List<Tensor> Gradients(AutogradContext ctx, Tensor gradient)
    {
        var form = (LsqForm)ctx.get_data(nameof(LsqForm));
        var needsInput = (bool)ctx.get_data("input");
        var saved = ctx.get_saved_variables();
        using var input = saved[0];
        using var numbers = saved[1];
        var (forInput, (forStep, forOffset)) = Unscaled(gradient, input, numbers, form.Uniform, needsInput);
        using (forStep)
        using (forOffset)
        {
            var root = Math.Sqrt(form.ElementsPerScale(input.shape, numbers.shape[1]));
            return [forInput!, forStep.Div(root), form.HasOffset ? forOffset.Div(root * form.Root) : null!, null!, null!, null!];
        }
    }

    private static (Tensor? ForInput, (Tensor ForStep, Tensor ForOffset) ForGrid) Unscaled(
        Tensor gradient, Tensor input, Tensor numbers, UniformForm form, bool needsInput)
    {
        // A graph of the gradient itself is made of the operators alone.
        if (FusedUniform.Serves(input, form.Granularity, form.Kernels) && !is_grad_enabled())
        {
            var forInput = needsInput ? empty_like(input) : null;
            return (forInput, FusedLsq.Backward(gradient, input, numbers, form, forInput));
        }

        return (
            needsInput ? LsqOperators.BackwardInput(gradient, input, numbers, form) : null,
            LsqOperators.BackwardGrid(gradient, input, numbers, form));
    }

    /// <summary>NaN in the shapes of the gradients.</summary>
    private static List<Tensor> Substitutes(AutogradContext ctx, Tensor gradient)
    {
        var scales = (long)ctx.get_data("numbers");
        Tensor Lost() => Full([scales], double.NaN, dtype: gradient.dtype, device: gradient.device);
        var hasOffset = ((LsqForm)ctx.get_data(nameof(LsqForm))).HasOffset;
        return [FullLike(gradient, double.NaN), Lost(), hasOffset ? Lost() : null!, null!, null!, null!];
    }

    private static Tensor Numbers(Tensor unitStep, Tensor offset, LsqForm form)
    {
        using var guard = no_grad();
        return LsqNumbers.Of(unitStep, offset, form);
    }
}
