using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Pact;

/// <summary>PACT with its straight-through gradients as one node of the autograd graph.</summary>
/// <remarks>
/// It saves the input, which the layer before it holds already, and α; everything else is computed anew in the backward pass. An α below
/// <see cref="PactQuantizer.SmallestClippingValue"/> acts as that value and gets that value's gradient, so that it can come back.
/// </remarks>
internal sealed class PactFunction : SingleTensorFunction<PactFunction>
{
    public override string Name => "Pact";

    /// <summary>x̂ for an input of any shape and a scalar α of the same type.</summary>
    public static Tensor Apply(Tensor input, Tensor clippingValue, PactForm form, PactQuantizer quantizer) =>
        apply(input, clippingValue, form, quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, clippingValue, form) = ((Tensor)vars[0], (Tensor)vars[1], (PactForm)vars[2]);
        ctx.save_for_backward([input, clippingValue]);
        ctx.save_data(nameof(PactForm), form);
        ctx.save_data(nameof(Quantizer), vars[3]);
        ctx.save_data(nameof(input), input.requires_grad);
        ctx.save_data(nameof(clippingValue), clippingValue.requires_grad);
        if (FusedPact.Serves(input, form))
        {
            var quantized = empty_like(input);
            FusedPact.Forward(input, FusedPact.ClippingValue(clippingValue), form, quantized);
            return quantized;
        }

        using var alpha = clippingValue.ClampMin(PactQuantizer.SmallestClippingValue);
        return PactOperators.Forward(input, alpha, form.Bits, form.IsSigned);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        return ((Quantizer)ctx.get_data(nameof(Quantizer))).RunBackward(
            () => Gradients(ctx, grad_output),
            () => [FullLike(grad_output, double.NaN), FullLike(grad_output, double.NaN).sum(), null!, null!]);
    }

    private static List<Tensor> Gradients(AutogradContext ctx, Tensor gradient)
    {
        var form = (PactForm)ctx.get_data(nameof(PactForm));
        var needsInput = (bool)ctx.get_data("input");
        var needsClippingValue = (bool)ctx.get_data("clippingValue");
        var saved = ctx.get_saved_variables();
        using var input = saved[0];
        using var clippingValue = saved[1];
        // A graph of the gradient itself is made of the operators alone.
        if (FusedPact.Serves(input, form) && !is_grad_enabled())
        {
            var fusedForInput = needsInput ? empty_like(input) : null;
            var value = FusedPact.Backward(gradient, input, FusedPact.ClippingValue(clippingValue), form, fusedForInput);
            return [fusedForInput!, Full(clippingValue.shape, value, dtype: input.dtype), null!, null!];
        }

        using var alpha = clippingValue.ClampMin(PactQuantizer.SmallestClippingValue);
        var forInput = needsInput ? PactOperators.BackwardInput(gradient, input, alpha, form.IsSigned) : null;
        var forClippingValue = needsClippingValue
            ? PactOperators.BackwardClippingValue(gradient, input, alpha, form.Bits, form.IsSigned, form.Gradient)
            : null;
        return [forInput!, forClippingValue!, null!, null!];
    }
}
