namespace AdaQat.Benchmarks.Soak;

/// <summary>How long to train.</summary>
public sealed record SoakOptions
{
    /// <summary>Below this there are too few samples of the resident set to tell growth from noise.</summary>
    public const int FewestSteps = 200;

    private const int MostStepsPerSample = 500;
    private const int FewestSamples = 40;

    /// <summary>Training steps, with probes.</summary>
    public int Steps { get; init; } = 20_000;

    /// <summary>After how many steps memory is looked at: 500, and fewer in a short run.</summary>
    public int StepsPerSample => Math.Clamp(Steps / FewestSamples, 1, MostStepsPerSample);
}
