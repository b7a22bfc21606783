using System.Globalization;
using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// Layers of bytes that processors without VNNI get wrong: they add two products of a byte and a signed byte in 16 bits, and saturate.
/// </summary>
internal static class Saturation
{
    /// <summary>Whether a quantized layer's products can be that large.</summary>
    public static bool IsPossible(ModelGraph graph, GraphNode layer) =>
        Factors(graph, layer) is { } factors && 2 * factors.Byte * factors.Weight > short.MaxValue;

    /// <summary>What users should know of such a layer.</summary>
    public static string Note(ModelGraph graph, GraphNode layer)
    {
        var (byteMost, weightMost) = Factors(graph, layer)!.Value;
        return string.Create(CultureInfo.InvariantCulture,
            $"Node '{layer.Name}' saturates on x64 processors without VNNI: two products of {byteMost} and {weightMost} are more than "
            + $"16 bits. The session option session.x64quantprecision = 1 avoids it.");
    }

    /// <summary>A weight in unsigned bytes, of which no processor saturates products.</summary>
    public static (GraphTensor Numbers, QuantizeOperator Grid) Unsigned(QuantizeOperator grid, GraphTensor weight)
    {
        var factor = StoredGrid.SignedBytes(grid)!.Factor;
        return (grid.Evaluate(weight)[0], new(
            [.. grid.Scales.Select(scale => scale / factor)], [.. grid.Scales.Select(_ => -128.0)], 0, byte.MaxValue, grid.Axis,
            grid.GroupSize));
    }

    private static (long Byte, long Weight)? Factors(ModelGraph graph, GraphNode layer)
    {
        var input = (QuantizeOperator)graph.Producer(layer.Inputs[0]).Operator;
        var weight = (QuantizeOperator)graph.Producer(layer.Inputs[1]).Operator;
        if (!ByteQuantizer.Fits(input) || StoredGrid.SignedBytes(weight) is not { } stored)
        {
            return null;
        }

        var numbers = graph.Constant(graph.Producer(layer.Inputs[1]).Inputs[0]);
        return (input.HighestCode + ByteQuantizer.Shift(input),
            numbers is null ? stored.Largest(weight) : stored.Of(weight, numbers).Max(Math.Abs));
    }
}
