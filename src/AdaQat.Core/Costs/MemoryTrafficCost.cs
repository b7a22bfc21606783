using AdaQat.Costs;

namespace AdaQat;

/// <summary>
/// The bytes that go from and to memory in one inference of one sample: each layer reads its weight, and each activation is written once
/// and read by every step that needs it. <see cref="QuantizedModel.MemoryTraffic"/> makes it from the model's graph.
/// </summary>
/// <remarks>
/// <para>
/// Layers' inputs are at their widths, and so are operands of residual sums where <see cref="QuantizationScheme.Joins"/> quantizes them;
/// everything else that is stored is at 32 bits: what meets in other sums, and what no quantized layer reads. Normalisation, activation
/// functions and quantizers are computed as their input is made, and move nothing. The network's input is read and not written. Nothing
/// is kept in a cache from one step to the next.
/// </para>
/// <para>
/// In the loss it is L_hard = bits moved / elements moved, over the layers with a learned width: the mean width of what moves.
/// </para>
/// </remarks>
public sealed class MemoryTrafficCost : IHardwareCost
{
    private readonly Dictionary<string, double> _moved;
    private readonly SumOfLayers _sum;

    /// <param name="activations">What is in memory, and how often it moves.</param>
    internal MemoryTrafficCost(IEnumerable<LiveActivation> activations)
    {
        var live = activations.ToList();
        var byLayer = live.ToLookup(a => a.Layer, a => a.Elements * a.Moves);
        FixedActivationBits = live.Where(a => a.Layer is null).Sum(a => a.Elements * a.Moves * a.FixedBits);
        _moved = byLayer.Where(moved => moved.Key is not null).ToDictionary(moved => moved.Key!, moved => moved.Sum());
        _sum = new SumOfLayers(
            l => WeightBytes(l) + ActivationBytes(l), l => l.IsLearned, l => (l.WeightCount + MovedInputs(l)) / 8.0);
    }

    /// <inheritdoc/>
    public string Name => "memory traffic";

    /// <inheritdoc/>
    public string Unit => "bytes";

    /// <inheritdoc/>
    public bool IsSumOverLayers => true;

    /// <summary>How many bits of activations move whatever the layers' widths are: float32, and operands of residual sums.</summary>
    internal double FixedActivationBits { get; }

    /// <summary>The bytes of weights and activations that move, with those that do whatever the layers' widths are.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public double Total(IReadOnlyList<LayerBits> layers) => _sum.Total(layers) + (FixedActivationBits / 8);

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerBits> layers) => _sum.Loss(layers);

    /// <inheritdoc/>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) => _sum.Derivative(layers, width);

    /// <summary>The bytes of a layer's weight, with its scales.</summary>
    internal static double WeightBytes(LayerBits layer) => layer.Layer.Storage.Bytes(layer.Layer.WeightCount, layer.WeightBits);

    /// <summary>The bytes that a layer's input moves, for all who read it; 0 for a layer that is not the first of these.</summary>
    internal double ActivationBytes(LayerBits layer) => MovedInputs(layer.Layer) * layer.ActivationBits / 8.0;

    private double MovedInputs(LayerProfile layer) => _moved.GetValueOrDefault(layer.Name);
}
