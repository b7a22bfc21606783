namespace AdaQat;

/// <summary>What one probe of one width measured, or estimated, and did.</summary>
/// <param name="Width">The width.</param>
/// <param name="Difference">
/// The finite difference of the task loss per bit, upwards: L(n) − L(n − 1), and at the minimum L(n + 1) − L(n). Negative where more bits
/// lower the loss.
/// </param>
/// <param name="Gradient">g: the difference plus λ · ∂L_hard/∂N.</param>
/// <param name="BitsBefore">n before the update.</param>
/// <param name="BitsAfter">n after it, and after freezing.</param>
/// <param name="Frozen">Why the width was frozen by this probe, or null.</param>
public sealed record WidthProbe(
    BitWidth Width, double Difference, double Gradient, int BitsBefore, int BitsAfter, FreezeReason? Frozen)
{
    /// <summary>The other point of the difference: n − 1, or n + 1 at the minimum; the next width that is allowed.</summary>
    public required int Neighbour { get; init; }

    /// <summary>The loss at the neighbour; the one at n is <see cref="BitWidthStep.Loss"/>.</summary>
    public required double NeighbourLoss { get; init; }

    /// <summary>
    /// Whether the difference was measured by a forward; else it is the corrected <see cref="Estimate"/>, and the neighbour's loss follows
    /// from that.
    /// </summary>
    public bool IsMeasured { get; init; } = true;

    /// <summary>What the backward pass estimated for the difference, uncorrected; null in a step that made no estimates.</summary>
    public double? Estimate { get; init; }
}
