using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>Choices of <see cref="CrossLayerEqualization"/>.</summary>
public sealed record CrossLayerEqualizationOptions
{
    /// <summary>How often all pairs are gone through at most, 1 and more. Default 100.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>
    /// It is done when no channel's scale changes by more than this share of itself any more: finite, above 0. Default 0.001.
    /// </summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>
    /// Whether the channels of a layer before batch normalisation that is not folded are brought to one range, which the statistics take
    /// back: mean and variance are scaled with them. It changes nothing in eval mode, and next to nothing in training. Default true.
    /// </summary>
    public bool RescalesBeforeBatchNorm { get; init; } = true;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public void Validate()
    {
        Guard.AtLeast(MaximumIterations, 1, nameof(MaximumIterations));
        Guard.Positive(Tolerance, nameof(Tolerance));
    }
}
