using AdaQat.Widths;

namespace AdaQat;

/// <summary>What attaching needs to know: which widths there are, and which quantizers read them.</summary>
/// <remarks>The usual one is <c>AdaQat.Quantizers.QuantizationOptions</c>: DoReFa weights and PACT activations.</remarks>
public abstract record QuantizationScheme
{
    /// <summary>The width of weights. Default: learned, from 8 down to 2 bits.</summary>
    public BitWidthChoice WeightBits { get; init; } = BitWidthChoice.Learned();

    /// <summary>The width of activations. Default: learned, from 8 down to 2 bits.</summary>
    public BitWidthChoice ActivationBits { get; init; } = BitWidthChoice.Learned();

    /// <summary>The fixed width of the first layer's weight and input; null treats it as any other. Default 8.</summary>
    public int? FirstLayerBits { get; init; } = 8;

    /// <summary>The fixed width of the last layer's weight and input; null treats it as any other. Default 8.</summary>
    public int? LastLayerBits { get; init; } = 8;

    /// <summary>How many layers share a weight width. Default <see cref="Granularity.Network"/>.</summary>
    public Granularity WeightGranularity { get; init; } = Granularity.Network;

    /// <summary>How many layers share an activation width. Default <see cref="Granularity.Network"/>.</summary>
    public Granularity ActivationGranularity { get; init; } = Granularity.Network;

    /// <summary>Checks all choices; called by <see cref="QuantizedModel"/> before anything changes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public virtual void Validate()
    {
        ArgumentNullException.ThrowIfNull(WeightBits);
        ArgumentNullException.ThrowIfNull(ActivationBits);
        WeightBits.Validate();
        ActivationBits.Validate();
        if (FirstLayerBits is { } first)
        {
            Guard.InRange(first, 1, BitWidth.Widest, nameof(FirstLayerBits));
        }

        if (LastLayerBits is { } last)
        {
            Guard.InRange(last, 1, BitWidth.Widest, nameof(LastLayerBits));
        }

        Guard.Defined(WeightGranularity, nameof(WeightGranularity));
        Guard.Defined(ActivationGranularity, nameof(ActivationGranularity));
    }

    /// <summary>Makes the quantizer of one layer's weight.</summary>
    /// <param name="layer">The layer's name in the model.</param>
    /// <param name="width">The width it reads.</param>
    protected internal abstract WeightQuantizer CreateWeightQuantizer(string layer, BitWidth width);

    /// <summary>Makes the quantizer of one layer's input, or of an input that several layers share.</summary>
    /// <param name="layer">The name of the layer that reads the input first.</param>
    /// <param name="width">The width it reads.</param>
    /// <param name="isSigned">Whether the example input led to negative values there.</param>
    protected internal abstract ActivationQuantizer CreateActivationQuantizer(string layer, BitWidth width, bool isSigned);
}
