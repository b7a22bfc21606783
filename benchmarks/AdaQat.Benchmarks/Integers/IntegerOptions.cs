using AdaQat.Benchmarks.Inference;
using AdaQat.Benchmarks.Networks;

namespace AdaQat.Benchmarks.Integers;

/// <summary>How integer models are timed.</summary>
public sealed record IntegerOptions
{
    /// <summary>Whether integer models of random weights are timed alone, width by width.</summary>
    public bool Alone { get; init; }

    /// <summary>Runs of each model that count, where they are timed alone.</summary>
    public int Repetitions { get; init; } = 1000;

    /// <summary>Rounds that count, beside other programs.</summary>
    public int Rounds { get; init; } = 60;

    /// <summary>Widths of weights and activations, beside other programs.</summary>
    public IReadOnlyList<int> Bits { get; init; } = [4, 8];

    /// <summary>Where the networks' files are written, beside other programs; null for a folder that is gone afterwards.</summary>
    public string? Folder { get; init; }

    /// <summary>The networks, beside other programs.</summary>
    public IReadOnlyList<NetworkKind> Networks { get; init; } = [SideBySide.Networks[0], SideBySide.Networks[1]];
}
