namespace AdaQat.Widths;

/// <summary>The state of a <see cref="BitWidthOptimizer"/>, for checkpoints and reports.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="NextTurn">Whose turn it is to be probed, where widths take turns.</param>
/// <param name="Widths">The widths.</param>
/// <param name="Correction">How estimates are corrected; null for a start without any knowledge of that.</param>
public sealed record OptimizerSnapshot(long Steps, int NextTurn, IReadOnlyList<WidthSnapshot> Widths, CorrectionSnapshot? Correction = null);
