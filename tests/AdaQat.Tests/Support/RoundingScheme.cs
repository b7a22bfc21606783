using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>
/// Quantizers as a user would write them: values rounded to multiples of 2^(1−k), with a straight-through gradient, and a learned
/// scale for activations. They count their calls.
/// </summary>
internal record RoundingScheme : QuantizationScheme
{
    public RoundingScheme(RoundingOptions options)
        : base(options, options) => Made = options.Made;

    public RoundingScheme()
        : this(new RoundingOptions())
    {
    }

    /// <summary>The activation quantizers made, by the layer each was made for.</summary>
    public Dictionary<string, RoundingActivations> Made { get; }

    /// <summary>round(x·s)/s with gradient 1.</summary>
    internal static Tensor Round(Tensor input, int bits)
    {
        using var scope = NewDisposeScope();
        var scale = Math.Pow(2, bits - 1);
        var rounded = (input * scale).round() / scale;
        return (input + (rounded - input).detach()).MoveToOuterDisposeScope();
    }
}
