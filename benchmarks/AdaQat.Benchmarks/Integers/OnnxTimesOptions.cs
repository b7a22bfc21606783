using AdaQat.Benchmarks.Inference;
using AdaQat.Benchmarks.Networks;

namespace AdaQat.Benchmarks.Integers;

/// <summary>How the forms of ONNX files are timed.</summary>
public sealed record OnnxTimesOptions
{
    /// <summary>Rounds that count, in which every file has a turn.</summary>
    public int Rounds { get; init; } = 60;

    /// <summary>Widths of weights and activations of the inner layers.</summary>
    public IReadOnlyList<int> Bits { get; init; } = [2, 4, 8];

    /// <summary>The networks.</summary>
    public IReadOnlyList<NetworkKind> Networks { get; init; } = [SideBySide.Networks[0], SideBySide.Networks[1]];
}
