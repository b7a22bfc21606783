namespace AdaQat.Steering;

/// <summary>The state of the steering towards a cost target, for checkpoints.</summary>
/// <param name="Target">The target, in the unit of the cost.</param>
/// <param name="Plan">The horizon and what follows from it; null where the length of the run is not known yet.</param>
/// <param name="Lambda">λ of the last step.</param>
/// <param name="ErrorSum">The relative errors of the cost so far, summed.</param>
/// <param name="IsFinal">Whether the widths have become final.</param>
/// <param name="RoundingLosses">What was learned of each width's effect on the task loss, in the order of the widths.</param>
internal sealed record SteeringSnapshot(
    double Target, SteeringPlan? Plan, double Lambda, double ErrorSum, bool IsFinal, IReadOnlyList<RoundingLossSums> RoundingLosses);
