using AdaQat.Quantizers.Uniform;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.LearnedRange;

/// <summary>Quantization with a learned step and range, with its gradients, as one node of the autograd graph.</summary>
/// <remarks>
/// What is learned is log₂ d and log₂ q: ∂L/∂log₂d = ln 2·d·∂L/∂d, and likewise for q. Where the width has no room for a change of d that
/// the gradient asks for, d = q/M follows from q, which gets the gradient instead.
/// </remarks>
internal sealed class LearnedRangeFunction : SingleTensorFunction<LearnedRangeFunction>
{
    private static readonly double Ln2 = Math.Log(2);

    public override string Name => "LearnedRange";

    /// <summary>x̂ for an input of any shape.</summary>
    /// <param name="input">x.</param>
    /// <param name="step">log₂ d; where it is not learned, any tensor.</param>
    /// <param name="range">log₂ q.</param>
    /// <param name="grid">What follows from the two.</param>
    /// <param name="quantizer">Whose backward pass it is.</param>
    public static Tensor Apply(Tensor input, Tensor step, Tensor range, LearnedGrid grid, LearnedRangeQuantizer quantizer)
    {
        using var numbers = grid.Numbers(input.dtype, input.device);
        return apply(input, step, range, numbers, grid, quantizer);
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, range, numbers, grid) = ((Tensor)vars[0], (Tensor)vars[2], (Tensor)vars[3], (LearnedGrid)vars[4]);
        ctx.save_for_backward([input, numbers]);
        ctx.save_data(nameof(LearnedGrid), grid);
        ctx.save_data(nameof(Quantizer), vars[5]);
        ctx.save_data(nameof(range), range.dtype);
        ctx.save_data(nameof(input), input.requires_grad);
        var form = grid.Form;
        return FusedUniform.Serves(input, form.Granularity, form.Kernels)
            ? FusedUniform.Forward(input, numbers, form)
            : UniformOperators.Forward(input, numbers, form);
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
        var (grid, type) = ((LearnedGrid)ctx.get_data(nameof(LearnedGrid)), (ScalarType)ctx.get_data("range"));
        var saved = ctx.get_saved_variables();
        using var input = saved[0];
        using var numbers = saved[1];
        var (forInput, (inside, beyond)) = Unscaled(gradient, input, numbers, grid.Form, (bool)ctx.get_data("input"));
        var ofStep = inside.to(type).Mul(Ln2 * grid.Step);
        var ofRange = beyond.to(type).Mul(Ln2 * grid.Range / grid.Top);
        var (forStep, forRange) = grid.Bound switch
        {
            WidthBound.None => (ofStep, ofRange),
            WidthBound.Largest => (ofStep.ClampMax(0), ofRange.Add(ofStep.ClampMin(0))),
            WidthBound.Smallest => (ofStep.ClampMin(0), ofRange.Add(ofStep.ClampMax(0))),
            _ => ((Tensor?)null, ofRange.Add(ofStep)),
        };
        return [forInput!, forStep!, forRange, null!, null!, null!];
    }

    private static (Tensor? ForInput, (Tensor Inside, Tensor Beyond) ForGrid) Unscaled(
        Tensor gradient, Tensor input, Tensor numbers, UniformForm form, bool needsInput)
    {
        // A graph of the gradient itself is made of the operators alone.
        if (FusedUniform.Serves(input, form.Granularity, form.Kernels) && !is_grad_enabled())
        {
            var forInput = needsInput ? empty_like(input) : null;
            var (inside, beyond) = FusedLearnedRange.Backward(gradient, input, numbers, form, forInput);
            return (forInput, (tensor(inside, dtype: ScalarType.Float64), tensor(beyond, dtype: ScalarType.Float64)));
        }

        return (
            needsInput ? LearnedRangeOperators.BackwardInput(gradient, input, numbers, form) : null,
            LearnedRangeOperators.BackwardGrid(gradient, input, numbers, form));
    }

    /// <summary>NaN in the shapes of the gradients.</summary>
    private static List<Tensor> Substitutes(AutogradContext ctx, Tensor gradient)
    {
        var (grid, type) = ((LearnedGrid)ctx.get_data(nameof(LearnedGrid)), (ScalarType)ctx.get_data("range"));
        Tensor Lost() => Full([], double.NaN, dtype: type, device: gradient.device);
        return [FullLike(gradient, double.NaN), grid.Bound == WidthBound.Given ? null! : Lost(), Lost(), null!, null!, null!];
    }
}
