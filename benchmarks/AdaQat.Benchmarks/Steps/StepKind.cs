using AdaQat.Quantizers;

namespace AdaQat.Benchmarks.Steps;

/// <summary>A way to take a training step.</summary>
/// <param name="Name">On the command line and in the JSON file.</param>
/// <param name="Title">For a person.</param>
public sealed record StepKind(string Name, string Title)
{
    /// <summary>How the network is quantized; null leaves it in float.</summary>
    public QuantizationOptions? Quantization { get; init; }

    /// <summary>How its bit-widths are learned; null where none is.</summary>
    public BitWidthOptimizerOptions? Widths { get; init; }

    /// <summary>Whether all widths are frozen before the first step.</summary>
    public bool Frozen { get; init; }

    /// <summary>Whether it is no whole step, but a forward in training mode without gradient, as a probe has at least.</summary>
    public bool ForwardOnly { get; init; }

    /// <summary>Whether Python/steps.py has the same step, under the same name.</summary>
    public bool IsInPython { get; init; }

    /// <summary>After how many steps the costs of steps repeat: what one costs is the mean over as many.</summary>
    public int Period => Frozen ? 1 : Widths?.ProbeInterval ?? 1;
}
