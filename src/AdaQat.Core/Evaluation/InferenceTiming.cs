namespace AdaQat;

/// <summary>How long inferences take.</summary>
/// <param name="First">The inferences right after the warm-ups.</param>
/// <param name="Sustained">
/// A long run in stretches of <see cref="InferenceTimingOptions.Window"/>, the last as long as was left; empty where none was asked for.
/// </param>
public sealed record InferenceTiming(TimedInferences First, IReadOnlyList<TimedInferences> Sustained)
{
    /// <summary>The median of the last stretch over that of the first: above 1 where clocks drop. Null without a long run.</summary>
    public double? Slowdown => Sustained.Count == 0 ? null : Sustained[^1].Median / Sustained[0].Median;
}
