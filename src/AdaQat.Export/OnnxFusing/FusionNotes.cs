using System.Globalization;
using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>What users of fused layers should know.</summary>
internal static class FusionNotes
{
    /// <summary>
    /// Processors without VNNI add two products of a byte and a signed byte in 16 bits. Where those can be larger, ONNX Runtime saturates
    /// them unless it is told not to.
    /// </summary>
    public static void Saturation(ModelGraph graph, GraphNode layer, List<string> notes)
    {
        var input = (QuantizeOperator)graph.Producer(layer.Inputs[0]).Operator;
        var weight = (QuantizeOperator)graph.Producer(layer.Inputs[1]).Operator;
        if (!ByteQuantizer.Fits(input) || StoredGrid.SignedBytes(weight) is not { } stored)
        {
            return;
        }

        var (byteMost, weightMost) = (input.HighestCode + ByteQuantizer.Shift(input), stored.Largest(weight));
        if (2 * byteMost * weightMost > short.MaxValue)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"Node '{layer.Name}' saturates on x64 processors without VNNI: two products of {byteMost} and {weightMost} are more than "
                + $"16 bits. The session option session.x64quantprecision = 1 avoids it."));
        }
    }
}
