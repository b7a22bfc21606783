using AdaQat.Freezing;
using AdaQat.Probing;
using AdaQat.Steering;

namespace AdaQat.Learning;

/// <summary>The state of a <see cref="BitWidthOptimizer"/>, for checkpoints.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="NextTurn">Whose turn it is to be measured, where widths take turns.</param>
/// <param name="Widths">The widths.</param>
/// <param name="Steering">The steering of λ towards a cost target; null without one.</param>
/// <param name="Correction">How estimates are corrected.</param>
internal sealed record OptimizerSnapshot(
    long Steps, int NextTurn, IReadOnlyList<WidthSnapshot> Widths, SteeringSnapshot? Steering, EstimateCorrection Correction);
