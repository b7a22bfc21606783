using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Lsq;

/// <summary>The grid that follows from what LSQ learns.</summary>
/// <remarks>
/// s = t/√Q of the learned t, which no step of an optimizer carries below the smallest. With an offset β, which acts as the nearest number
/// of [−s·(2^k − 1), 0], so that 0 is a value: the zero point is z = round(−β/s). See <see cref="GridNumbers"/> for the rows.
/// </remarks>
internal static class LsqNumbers
{
    public static Tensor Of(Tensor unitStep, Tensor offset, LsqForm form)
    {
        using var scope = NewDisposeScope();
        var step = unitStep.ClampMin(LsqQuantizer.SmallestUnitStep).Div(form.Root);
        var none = zeros_like(step);
        if (form.IsTwoValues)
        {
            return GridNumbers.Pack(step, FullLike(step, 0.5), none, FullLike(step, -0.5), step, none).MoveToOuterDisposeScope();
        }

        if (!form.HasOffset)
        {
            return GridNumbers.Pack(step, none, none, none, step, none).MoveToOuterDisposeScope();
        }

        var real = offset.maximum(step.Mul(-form.Uniform.Largest)).ClampMax(0).neg().div(step);
        var zeroPoint = real.round();
        return GridNumbers.Pack(step, none, zeroPoint, zeroPoint.neg(), step, real).MoveToOuterDisposeScope();
    }
}
