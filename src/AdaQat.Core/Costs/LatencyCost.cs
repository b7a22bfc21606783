using AdaQat.Costs;

namespace AdaQat;

/// <summary>The time of one inference of one sample by a table of measured latencies: the sum over the layers.</summary>
/// <remarks>
/// What is not convolution or linear layer is not in the table, and not counted. <see cref="Estimates"/> says which layers were measured
/// and which were estimated from others. In the loss it is L_hard = 64 · time / time at 8 bits, over the layers with a learned width.
/// </remarks>
public sealed class LatencyCost : IHardwareCost
{
    private const int ReferenceBits = 8;
    private const double ReferenceLoss = ReferenceBits * ReferenceBits;

    private readonly LatencyTable _table;
    private readonly SumOfLayers _sum;

    /// <summary>A cost by a table.</summary>
    /// <param name="table">The times.</param>
    public LatencyCost(LatencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table = table;
        _sum = new SumOfLayers(
            Microseconds, l => l.IsLearned, l => Microseconds(new LayerBits(l, ReferenceBits, ReferenceBits)), ReferenceLoss);
    }

    /// <inheritdoc/>
    public string Name => "latency";

    /// <inheritdoc/>
    public string Unit => "µs";

    /// <inheritdoc/>
    public bool IsSumOverLayers => true;

    /// <summary>The time over all layers, in µs.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public double Total(IReadOnlyList<LayerBits> layers) => _sum.Total(layers);

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerBits> layers) => _sum.Loss(layers);

    /// <inheritdoc/>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) => _sum.Derivative(layers, width);

    /// <summary>How the time of each layer came about.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public IReadOnlyList<LatencyEstimate> Estimates(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return [.. layers.Select(_table.Estimate)];
    }

    private double Microseconds(LayerBits layer) => _table.Estimate(layer).Microseconds;
}
