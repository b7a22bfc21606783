using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>How inferences are timed.</summary>
public sealed record InferenceTimingOptions
{
    /// <summary>Inferences before the first that counts, 0 and more. Default 10.</summary>
    public int WarmUps { get; init; } = 10;

    /// <summary>Inferences that count, at least 1. Default 200; the 99th percentile of fewer than 100 is the slowest.</summary>
    public int Inferences { get; init; } = 200;

    /// <summary>
    /// How long inferences are then repeated without a pause, to see what heat does to clocks: minutes, on a device. Null, the default,
    /// leaves that out.
    /// </summary>
    public TimeSpan? Sustained { get; init; }

    /// <summary>How long the stretches are that <see cref="Sustained"/> is told in; above zero. Default 10 seconds.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time that an inference may take; null, the default, sets none. Above zero.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The clock. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Guard.AtLeast(WarmUps, 0, nameof(WarmUps));
        Guard.AtLeast(Inferences, 1, nameof(Inferences));
        RequirePositive(Sustained, nameof(Sustained));
        RequirePositive(Window, nameof(Window));
        RequirePositive(Deadline, nameof(Deadline));
        ArgumentNullException.ThrowIfNull(Clock);
    }

    private static void RequirePositive(TimeSpan? value, string name)
    {
        if (value <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; allowed are times above zero.");
        }
    }
}
