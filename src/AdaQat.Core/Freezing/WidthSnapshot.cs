namespace AdaQat.Freezing;

/// <summary>The state of one width, for checkpoints and reports.</summary>
/// <param name="Name">The width's name.</param>
/// <param name="Value">N.</param>
/// <param name="IsFrozen">Whether it moves no more.</param>
/// <param name="FrozenAtStep">The step that froze it, or null.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="UpwardSwitches">The upward switches n → n + 1 so far, by n.</param>
/// <param name="StepsAtMinimum">Consecutive probes at the minimum so far, each counted as the steps it stood for.</param>
/// <param name="LastMovedAtStep">The last step that changed N.</param>
internal sealed record WidthSnapshot(
    string Name, double Value, bool IsFrozen, long? FrozenAtStep, FreezeReason? Reason,
    IReadOnlyDictionary<int, int> UpwardSwitches, int StepsAtMinimum, long LastMovedAtStep);
