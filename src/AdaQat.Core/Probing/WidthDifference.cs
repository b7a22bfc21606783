using AdaQat.Freezing;

namespace AdaQat.Probing;

/// <summary>What a step has found out of one width.</summary>
/// <param name="State">The width.</param>
/// <param name="Difference">The finite difference of the task loss.</param>
/// <param name="Turns">In every how many probing steps the width is looked at.</param>
/// <param name="Estimate">What the backward pass estimated, uncorrected; null without.</param>
/// <param name="IsMeasured">Whether the difference was measured.</param>
internal sealed record WidthDifference(WidthState State, FiniteDifference Difference, double Turns, double? Estimate, bool IsMeasured);
