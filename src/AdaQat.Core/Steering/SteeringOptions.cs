namespace AdaQat.Steering;

/// <summary>What steering needs of the choices made for an optimizer of widths.</summary>
/// <param name="Cost">The cost that is steered.</param>
/// <param name="Target">Where it must end.</param>
/// <param name="Step">The step in which the widths become final; null for half of the run.</param>
/// <param name="Lambda">λ₀.</param>
/// <param name="LearningRate">η of the widths where it was given; null for what brings the cost to the target in time.</param>
internal sealed record SteeringOptions(
    IHardwareCost Cost, CostTarget Target, int? Step, double Lambda, double? LearningRate);
