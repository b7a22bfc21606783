using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// Which quantizer a value comes to, through operators that only move or choose elements. Such a value can be quantized at once: the same
/// codes come out, and they are smaller to move.
/// </summary>
internal sealed class GridsAhead(ModelGraph graph)
{
    /// <summary>The one grid that all readers of these values come to, or null.</summary>
    public CodeGrid? Of(IEnumerable<GraphValue> values)
    {
        CodeGrid? found = null;
        foreach (var reader in values.SelectMany(graph.Consumers))
        {
            var grid = reader.Operator switch
            {
                QuantizeOperator quantizer => CodeGrid.Of(quantizer),
                MaxPoolOperator or ReshapeOperator or PermuteOperator or SliceOperator or SplitOperator or ConcatOperator
                    or PadOperator { Mode: PadMode.Constant } or ResizeOperator { Mode: ResizeMode.Nearest }
                    or AdaptivePoolOperator { Reduction: Reduction.Max } => Of(reader.Outputs),
                _ => null,
            };
            if (grid is null || (found is not null && found != grid))
            {
                return null;
            }

            found = grid;
        }

        return found;
    }
}
