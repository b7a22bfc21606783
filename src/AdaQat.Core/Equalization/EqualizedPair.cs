using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Equalization;

/// <summary>Two layers between which channels may be scaled.</summary>
internal sealed class EqualizedPair(EqualizedLayer first, EqualizedNorm? norm, EqualizedLayer second, int block)
{
    public EqualizedLayer First => first;

    public EqualizedNorm? Norm => norm;

    public EqualizedLayer Second => second;

    /// <summary>Whether a batch normalisation stands between them that takes the scale itself.</summary>
    private bool ScalesNorm => norm is { IsShift: false };

    /// <summary>Scales the channels to s = √(r₁/r₂).</summary>
    /// <returns>The largest change of a scale, as |ln s|.</returns>
    public double Equalize()
    {
        using var scope = NewDisposeScope();
        var (r1, r2) = (FirstRanges(), SecondRanges());
        var isDead = r1.Eq(0).logical_or(r2.Eq(0));
        var logarithm = (r1 / r2).log().Mul(0.5).MaskedFill(isDead, 0);
        if (ScalesNorm && isDead.logical_not().sum().item<long>() is > 0 and var live)
        {
            logarithm = (logarithm - logarithm.sum().Div(live)).MaskedFill(isDead, 0);
        }

        var scale = logarithm.exp();
        if (!ScalesNorm)
        {
            first.Outputs.div_(scale);
        }

        norm?.Outputs.div_(scale);
        second.Inputs.mul_(scale.repeat_interleave(block));
        return logarithm.abs().max().item<double>();
    }

    /// <summary>How far the ranges of channels are apart: the largest by the smallest, of the second layer's inputs.</summary>
    public double Spread()
    {
        using var scope = NewDisposeScope();
        var ranges = SecondRanges();
        var live = ranges.masked_select(ranges.Gt(0));
        return live.numel() == 0 ? 1 : (live.max() / live.min()).item<double>();
    }

    private Tensor FirstRanges() => ScalesNorm ? norm!.OutputRanges() : first.OutputRanges();

    private Tensor SecondRanges() => second.InputRanges().reshape(-1, block).amax([1]);
}
