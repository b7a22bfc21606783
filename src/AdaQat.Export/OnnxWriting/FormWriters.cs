using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>What a form does with a graph, with weights and with quantizers.</summary>
internal sealed record FormWriters(ModelGraph Graph, IReadOnlyList<string> Notes, IStoredValues Stored, IQuantizerWriter Quantizers)
{
    public static FormWriters Of(OnnxForm form, ModelGraph graph)
    {
        switch (form)
        {
            case OnnxForm.Compact:
                return new(graph, [], new StoredCodes(grid => StoredGrid.Smallest(grid)), new ByteQuantizer());
            case OnnxForm.Fusable:
                var (fusable, notes) = FusableGraph.Of(graph);
                return new(
                    fusable, notes, new StoredCodes(grid => StoredGrid.SignedBytes(grid) ?? StoredGrid.Smallest(grid, fewestBits: 8)),
                    new ByteQuantizer());
            default:
                return new(graph, [], new FloatValues(), new FloatQuantizer());
        }
    }
}
