namespace AdaQat.Benchmarks.Soak;

/// <summary>Something that is done thousands of times while memory is watched.</summary>
internal interface ISoakedWork : IDisposable
{
    /// <summary>What is done, in words.</summary>
    /// <param name="steps">How often.</param>
    string Describe(int steps);

    /// <summary>Does it once.</summary>
    /// <param name="step">Its number, from 1.</param>
    void Take(int step);
}
