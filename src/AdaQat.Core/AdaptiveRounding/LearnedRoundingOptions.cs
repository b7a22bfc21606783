using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>Choices of <see cref="LearnedRounding"/>.</summary>
public sealed record LearnedRoundingOptions
{
    /// <summary>Steps for each layer, 1 and more. Default 1,000; the paper takes 10,000, at a tenth of the learning rate.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Samples in a step, 1 and more; all there are where there are fewer. Default 32, the paper's.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Adam's step: finite, above 0. Default 0.01.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>λ, the weight of what drives each element up or down: finite, 0 and more. Default 0.01, the paper's.</summary>
    public double Regularization { get; init; } = 0.01;

    /// <summary>β at the start, when elements far from a decision are free: finite, above 0. Default 20.</summary>
    public double StartBeta { get; init; } = 20;

    /// <summary>β at the end: finite, above 0, at most <see cref="StartBeta"/>. Default 2.</summary>
    public double EndBeta { get; init; } = 2;

    /// <summary>The share of the steps, from the first on, that are without λ: 0 and more, below 1. Default 0.2.</summary>
    public double WarmStart { get; init; } = 0.2;

    /// <summary>What the samples of each step are drawn with. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Whether a cancelled run keeps the layers that are done, and returns; otherwise it takes all back, and throws. Default false.
    /// </summary>
    public bool KeepsFinishedLayers { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public void Validate()
    {
        Guard.AtLeast(Iterations, 1, nameof(Iterations));
        Guard.AtLeast(BatchSize, 1, nameof(BatchSize));
        Guard.Positive(LearningRate, nameof(LearningRate));
        Guard.NotNegative(Regularization, nameof(Regularization));
        Guard.Positive(StartBeta, nameof(StartBeta));
        Guard.Positive(EndBeta, nameof(EndBeta));
        if (EndBeta > StartBeta)
        {
            throw new ArgumentOutOfRangeException(nameof(EndBeta), EndBeta, FormattableString.Invariant(
                $"EndBeta is {EndBeta}; allowed are numbers up to StartBeta, {StartBeta}."));
        }

        if (!(WarmStart is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(WarmStart), WarmStart, FormattableString.Invariant(
                $"WarmStart is {WarmStart}; allowed are numbers from 0, below 1."));
        }
    }
}
