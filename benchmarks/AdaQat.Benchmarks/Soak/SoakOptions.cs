namespace AdaQat.Benchmarks.Soak;

/// <summary>What to do, and how often.</summary>
public sealed record SoakOptions
{
    /// <summary>Below this there are too few samples of the resident set to tell growth from noise.</summary>
    public const int FewestSteps = 200;

    private const int MostStepsPerSample = 500;
    private const int FewestSamples = 40;

    /// <summary>Training steps, with probes.</summary>
    public int Steps { get; init; } = 20_000;

    /// <summary>Whether a step is a capture of a graph instead of one of training.</summary>
    public bool Captures { get; init; }

    /// <summary>After how many steps memory is looked at: 500, and fewer in a short run.</summary>
    public int StepsPerSample => Math.Clamp(Steps / FewestSamples, 1, MostStepsPerSample);
}
