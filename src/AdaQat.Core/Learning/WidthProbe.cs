namespace AdaQat;

/// <summary>What one probe of one width measured, or estimated, and did.</summary>
/// <param name="Width">The width.</param>
/// <param name="Difference">The finite difference of the task loss.</param>
/// <param name="Gradient">g: the difference plus λ · ∂L_hard/∂N.</param>
/// <param name="BitsBefore">n before the update.</param>
/// <param name="BitsAfter">n after it, and after freezing.</param>
/// <param name="Frozen">Why the width was frozen by this probe, or null.</param>
public sealed record WidthProbe(
    BitWidth Width, FiniteDifference Difference, double Gradient, int BitsBefore, int BitsAfter, FreezeReason? Frozen)
{
    /// <summary>
    /// Whether the difference was measured by a forward; else it is the corrected <see cref="Estimate"/>, and its second loss follows from
    /// that.
    /// </summary>
    public bool IsMeasured { get; init; } = true;

    /// <summary>What the backward pass estimated for the difference, uncorrected; null in a step that made no estimates.</summary>
    public double? Estimate { get; init; }
}
