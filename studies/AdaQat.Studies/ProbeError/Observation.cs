namespace AdaQat.Studies.ProbeError;

/// <summary>One width's difference in one step, found in each of the ways.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Width">The width's name.</param>
/// <param name="IsOfWeights">Whether it is a width of weights.</param>
/// <param name="Full">Measured, as all are in the exact schedule.</param>
/// <param name="Raw">The backward pass's estimate as it is.</param>
/// <param name="Corrected">What the economical schedule uses: measured if it was this width's turn, else the corrected estimate.</param>
/// <param name="Held">What the width's last turn measured; null before its first.</param>
public sealed record Observation(int Step, string Width, bool IsOfWeights, double Full, double Raw, double Corrected, double? Held);
