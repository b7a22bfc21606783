using AdaQat.Benchmarks.Memory;

namespace AdaQat.Benchmarks.Measuring;

/// <summary>The times of one kind of step.</summary>
public sealed record MeasuredStep
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>What took it: <c>dotnet</c> or <c>python</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>After how many steps its costs repeat.</summary>
    public required int Period { get; init; }

    /// <summary>Seconds a step, over all rounds.</summary>
    public required Distribution Time { get; init; }

    /// <summary>Over the FP32 step in .NET of the same round.</summary>
    public required Distribution AgainstFp32 { get; init; }

    /// <summary>Over the same step in Python of the same round; null where there is none.</summary>
    public Distribution? AgainstPython { get; init; }

    /// <summary>In processes of their own; null where it was not measured.</summary>
    public StepMemory? Memory { get; init; }

    /// <summary>The same of the FP32 step in .NET.</summary>
    public StepMemory? Fp32Memory { get; init; }

    /// <summary>Seconds a step, round by round: each the mean of the round's steps of this kind.</summary>
    public required IReadOnlyList<double> Seconds { get; init; }
}
