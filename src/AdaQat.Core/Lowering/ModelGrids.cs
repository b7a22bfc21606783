using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>How a model is quantized.</summary>
/// <param name="Layers">Its layers, by name.</param>
/// <param name="Boundaries">Tensors that are quantized where they go into a module or come out of one.</param>
internal sealed record ModelGrids(
    IReadOnlyDictionary<string, LayerGrids> Layers, IReadOnlyDictionary<ModuleBoundary, QuantizeOperator> Boundaries)
{
    /// <summary>A model in which only layers are quantized.</summary>
    public ModelGrids(IReadOnlyDictionary<string, LayerGrids> layers)
        : this(layers, new Dictionary<ModuleBoundary, QuantizeOperator>())
    {
    }

    /// <summary>A model in float.</summary>
    public static ModelGrids None { get; } = new(new Dictionary<string, LayerGrids>());
}
