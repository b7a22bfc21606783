namespace AdaQat.Quantizers;

/// <summary>
/// The usual way to quantize a model: DoReFa weights, PACT activations, widths learned from 8 down to 2 bits, first and last layer at a
/// fixed 8. Other families: <c>new QuantizationOptions { Weights = …, Activations = … }</c>.
/// </summary>
public sealed record QuantizationOptions : QuantizationScheme
{
    /// <summary>The defaults.</summary>
    public QuantizationOptions()
        : base(new DoReFaOptions(), new PactOptions())
    {
    }
}
