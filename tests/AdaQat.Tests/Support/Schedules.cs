namespace AdaQat.Tests.Support;

/// <summary>Schedules of runs that have no length: a test takes the steps that it needs.</summary>
internal static class Schedules
{
    /// <summary>Every width is measured in every step, and moves a little.</summary>
    public static BitWidthOptimizerOptions Exact { get; } = BitWidthOptimizerOptions.ExactSchedule with { LearningRate = 0.001 };

    /// <summary>The default, with widths that move a little.</summary>
    public static BitWidthOptimizerOptions Economical { get; } = new() { LearningRate = 0.001 };
}
