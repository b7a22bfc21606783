namespace AdaQat.Probing;

/// <summary>What one step of a <see cref="BitWidthOptimizer"/> did.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Loss">The training loss that the step was given.</param>
/// <param name="Probes">The widths probed; none where the step was not due for a probe, or all are frozen.</param>
public sealed record BitWidthStep(long Step, double Loss, IReadOnlyList<WidthProbe> Probes);
