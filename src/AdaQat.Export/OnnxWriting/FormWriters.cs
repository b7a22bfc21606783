using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>What a form does with a graph, with weights and with quantizers.</summary>
internal sealed record FormWriters(ModelGraph Graph, IReadOnlyList<string> Notes, IStoredValues Stored, IQuantizerWriter Quantizers)
{
    /// <summary>By quantizer, how the form moves what is quantized, for each channel or altogether.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CodeMove>> Moves { get; private init; } =
        new Dictionary<string, IReadOnlyList<CodeMove>>();

    /// <summary>The layers that are computed in bytes with what follows them.</summary>
    public IReadOnlyList<OnnxFusedLayer> FusedLayers { get; private init; } = [];

    public static FormWriters Of(OnnxForm form, ModelGraph graph, bool assumesVnni)
    {
        switch (form)
        {
            case OnnxForm.Compact:
                return new(
                    CompactGraph.Of(graph), [], new StoredCodes(grid => StoredGrid.Smallest(grid, prefersUnsigned: !assumesVnni)),
                    new ByteQuantizer());
            case OnnxForm.Fusable:
                var fusable = FusableGraph.Of(graph, assumesVnni);
                return new(
                    fusable.Graph, fusable.Notes,
                    new StoredCodes(grid => (assumesVnni ? null : StoredGrid.UnsignedBytes(grid)) ?? StoredGrid.SignedBytes(grid)
                        ?? StoredGrid.Smallest(grid, fewestBits: 8)),
                    new ByteQuantizer())
                {
                    Moves = fusable.Moves,
                    FusedLayers = fusable.Layers,
                };
            default:
                return new(graph, [], new FloatValues(), new FloatQuantizer());
        }
    }
}
