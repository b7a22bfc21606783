namespace AdaQat.Tracing;

/// <summary>What the runs on the examples showed of a layer.</summary>
internal sealed class TracedLayer(QuantizableLayer layer)
{
    public QuantizableLayer Layer => layer;

    /// <summary>Which input tensor it read at its first call; layers that read the same one have the same number.</summary>
    public int Input { get; set; } = -1;

    /// <summary>Multiply-accumulate operations of all its calls in the first run that calls it, per sample.</summary>
    public long Macs { get; set; }

    /// <summary>Elements of its input per sample, at its first call.</summary>
    public long ActivationCount { get; set; }

    /// <summary>The shape of its input at its first call, without the batch.</summary>
    public IReadOnlyList<long> InputShape { get; set; } = [];

    /// <summary>The shape of what it made of it, without the batch.</summary>
    public IReadOnlyList<long> OutputShape { get; set; } = [];

    /// <summary>Whether an input had negative values, or told nothing because all of it was zero.</summary>
    public bool IsSigned { get; set; }

    /// <summary>Whether it is the first layer that an example calls.</summary>
    public bool BeginsExample { get; set; }

    /// <summary>Whether it is the last layer that an example calls.</summary>
    public bool EndsExample { get; set; }

    /// <summary>What a hardware cost needs to know of it.</summary>
    /// <param name="weights">The width of its weight.</param>
    /// <param name="activations">The width of its input.</param>
    public LayerProfile Profile(BitWidth weights, BitWidth activations) =>
        new(layer.Name, Macs, layer.LatentWeight.numel(), ActivationCount, weights, activations)
        {
            Shape = new LayerShape(
                layer.Module.GetType().Name, LayerShape.Text(layer.LatentWeight.shape), LayerShape.Text(InputShape),
                LayerShape.Text(OutputShape)),
        };

    /// <summary>What rules may ask of it.</summary>
    /// <param name="position">Its place in the order of first calls, from 0.</param>
    /// <param name="layerCount">How many layers there are.</param>
    public LayerFacts Facts(int position, int layerCount) =>
        new(layer.Name, layer.Module, position, layerCount, Macs, layer.LatentWeight.shape, IsSigned)
        {
            BeginsExample = BeginsExample,
            EndsExample = EndsExample,
        };
}
