namespace AdaQat.Tests.Support;

/// <summary>Makes rounding quantizers and keeps those of activations.</summary>
internal record RoundingOptions : QuantizerOptions
{
    /// <summary>The activation quantizers made, by the layer each was made for.</summary>
    internal Dictionary<string, RoundingActivations> Made { get; } = [];

    /// <summary>The layers whose weights are given no quantizer, which is a mistake.</summary>
    internal string? WithoutQuantizer { get; init; }

    public override void Validate()
    {
    }

    protected internal override Quantizer Create(QuantizerRequest request) => (request.Target, request.Layer.Name) switch
    {
        (QuantizerTarget.Activation, var layer) => Made[layer] = new RoundingActivations(request.Width, request.IsSigned),
        (_, var layer) when layer == WithoutQuantizer => null!,
        _ => new RoundingWeights(request.Width),
    };
}
