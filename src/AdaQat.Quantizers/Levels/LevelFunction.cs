using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Quantizers.Levels;

/// <summary>Rounding to levels with its straight-through gradients as one node of the autograd graph.</summary>
internal sealed class LevelFunction : SingleTensorFunction<LevelFunction>
{
    public override string Name => "Levels";

    /// <summary>x̂ for an input of any shape and a scalar α of the same type, 0 or more.</summary>
    public static Tensor Apply(Tensor input, Tensor range, LevelForm form, LevelQuantizer quantizer) =>
        apply(input, range, form, quantizer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, range, form) = ((Tensor)vars[0], (Tensor)vars[1], (LevelForm)vars[2]);
        ctx.save_for_backward([input, range]);
        ctx.save_data(nameof(LevelForm), form);
        ctx.save_data(nameof(Quantizer), vars[3]);
        ctx.save_data(nameof(input), input.requires_grad);
        ctx.save_data(nameof(range), range.requires_grad);
        return FusedLevels.Serves(input, form)
            ? FusedLevels.Forward(input, ScaleTable.Number(range), form)
            : LevelOperators.Forward(input, range, form);
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
        var form = (LevelForm)ctx.get_data(nameof(LevelForm));
        var (needsInput, needsRange) = ((bool)ctx.get_data("input"), (bool)ctx.get_data("range"));
        var saved = ctx.get_saved_variables();
        using var input = saved[0];
        using var range = saved[1];
        // A graph of the gradient itself is made of the operators alone.
        if (FusedLevels.Serves(input, form) && !is_grad_enabled())
        {
            var number = ScaleTable.Number(range);
            var forInput = needsInput ? empty_like(input) : null;
            if (needsRange)
            {
                var forRange = FusedLevels.BackwardRange(gradient, input, number, form, forInput);
                return [forInput!, Full(range.shape, forRange, dtype: range.dtype), null!, null!];
            }

            if (forInput is not null)
            {
                FusedLevels.BackwardInput(gradient, input, number, form, forInput);
            }

            return [forInput!, null!, null!, null!];
        }

        return
        [
            needsInput ? LevelOperators.BackwardInput(gradient, input, range, form) : null!,
            needsRange ? LevelOperators.BackwardRange(gradient, input, range, form) : null!,
            null!, null!,
        ];
    }
}
