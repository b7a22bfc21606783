namespace AdaQat;

/// <summary>What one step of a <see cref="BitWidthOptimizer"/> did.</summary>
/// <param name="Step">The number of the step, from 1; in float, where nothing is learned, that of the last one, or 0.</param>
/// <param name="Loss">The training loss that the step was given.</param>
/// <param name="Probes">The widths probed; none where the step was not due for a probe, or all are frozen.</param>
/// <param name="Lambda">λ of this step: the option's, or where it was steered to.</param>
/// <param name="Cost">The cost after the step, at the integer widths in force, in the unit of <see cref="IHardwareCost.Total"/>.</param>
public sealed record BitWidthStep(long Step, double Loss, IReadOnlyList<WidthProbe> Probes, double Lambda, double Cost);
