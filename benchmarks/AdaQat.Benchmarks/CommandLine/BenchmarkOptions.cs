using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Steps;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>What to measure, and how.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>The steps to compare; the FP32 step comes first, as all ratios refer to it.</summary>
    public IReadOnlyList<StepKind> Kinds { get; init; } = StepKinds.Common;

    /// <summary>Every network is measured for itself.</summary>
    public IReadOnlyList<NetworkKind> Networks { get; init; } = [NetworkKinds.ResNet20];

    public IReadOnlyList<int> BatchSizes { get; init; } = [128];

    /// <summary>CPU threads; every number is measured for itself.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [Environment.ProcessorCount];

    /// <summary>
    /// Rounds that count. In each, every kind of step is taken equally often: once, or where a schedule probes in some steps only, as
    /// often as it takes to have a whole number of its periods.
    /// </summary>
    public int Repetitions { get; init; } = 10;

    /// <summary>Steps of each kind before those, for calibration, compilation and memory to settle; at least a period is taken.</summary>
    public int WarmUpSteps { get; init; } = 4;

    /// <summary>
    /// What passes before each step, in milliseconds. OpenMP's threads wait actively for a while after their work; the pause keeps those
    /// of the one process from the other's cores.
    /// </summary>
    public int PauseMilliseconds { get; init; } = 25;

    /// <summary>Whether plain PyTorch takes the same steps in the same rounds.</summary>
    public bool Python { get; init; }

    /// <summary>Whether each kind's peak of memory is measured too, in a process of its own.</summary>
    public bool Memory { get; init; } = true;

    /// <summary>Where all numbers go; null for the table only.</summary>
    public string? Json { get; init; }
}
