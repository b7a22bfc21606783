using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers;

/// <summary>
/// The usual way to quantize a model: DoReFa weights, PACT activations, widths learned from 8 down to 2 bits, first and last layer at a
/// fixed 8.
/// </summary>
public sealed record QuantizationOptions : QuantizationScheme
{
    /// <summary>Choices of the weights' quantizer.</summary>
    public DoReFaOptions Weights { get; init; } = new();

    /// <summary>Choices of the activations' quantizer.</summary>
    public PactOptions Activations { get; init; } = new();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Weights);
        ArgumentNullException.ThrowIfNull(Activations);
        Weights.Validate();
        Activations.Validate();
    }

    /// <inheritdoc/>
    protected override WeightQuantizer CreateWeightQuantizer(string layer, BitWidth width) => new DoReFaWeightQuantizer(width, Weights);

    /// <inheritdoc/>
    protected override ActivationQuantizer CreateActivationQuantizer(string layer, BitWidth width, bool isSigned) =>
        new PactActivationQuantizer(width, isSigned, Activations);
}
