using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A convolution between quantizers with the batch normalisation that follows it, as one step in integers, for each of the quantizers:
/// code' = round((Σ weight · code + bias) · scale), the bias being an integer.
/// </summary>
/// <remarks>
/// With y = (x − mean) / √(variance + ε) · gamma + beta of each channel the weight's scale is multiplied by |gamma| / √(variance + ε), its
/// codes are negated where gamma is negative, and the bias is (bias − mean) · gamma / √(variance + ε) + beta, rounded to the scale of the
/// sums, which is the input's times the weight's. The codes of a channel are multiplied by as much as a signed byte has room for, and 16
/// bits for two products; that makes the step of the sums, and with it the rounding, as much smaller.
/// </remarks>
internal sealed record FusedConvolution(
    GraphNode Layer, GraphNode Result, IReadOnlyList<GraphNode> Quantizers, IReadOnlyList<GraphNode> Replaced, string WeightName,
    GraphTensor Weight, QuantizeOperator WeightGrid, string BiasName, GraphTensor Bias, QuantizeOperator BiasGrid)
{
    /// <summary>The step that a quantized layer is, or why it is none.</summary>
    public static (FusedConvolution? Step, string Why) Find(ModelGraph graph, GraphNode layer)
    {
        if (layer.Operator is not ConvolutionOperator)
        {
            return (null, "only convolutions that are not transposed are computed in integers.");
        }

        var input = (QuantizeOperator)graph.Producer(layer.Inputs[0]).Operator;
        var weightQuantizer = graph.Producer(layer.Inputs[1]);
        var grid = (QuantizeOperator)weightQuantizer.Operator;
        if (!ByteQuantizer.Fits(input) || input.Axis is not null)
        {
            return (null, "the codes of its input are no bytes with one scale and a zero among them.");
        }

        if (graph.Constant(weightQuantizer.Inputs[0]) is not { } weight || grid.GroupSize is not null || grid.Axis is not (null or 0))
        {
            return (null, "its weight has other scales than one, or one for each channel of the output.");
        }

        if (StoredGrid.SignedBytes(grid) is not { } stored)
        {
            return (null, $"codes of its weight need more than 8 bits around zero: {grid.Bits} bits with the offset {grid.Offsets[0]}.");
        }

        var norm = Only(graph, layer) is { Operator: BatchNormOperator } next && next.Inputs[0].Id == layer.Output.Id
            && next.Inputs.Skip(1).All(value => graph.Constant(value) is not null) ? next : null;
        var result = norm ?? layer;
        if (Quantizing(graph, result) is not { } quantizers)
        {
            return (null, "its output is not quantized again right away, or behind a rectifier.");
        }

        return layer.Inputs.Count == 3 && graph.Constant(layer.Inputs[2]) is null
            ? (null, "its bias is computed.")
            : Fold(graph, layer, norm, input, weightQuantizer, weight, stored, quantizers);
    }

    private static (FusedConvolution? Step, string Why) Fold(
        ModelGraph graph, GraphNode layer, GraphNode? norm, QuantizeOperator input, GraphNode weightQuantizer, GraphTensor weight,
        StoredGrid stored, IReadOnlyList<GraphNode> quantizers)
    {
        var grid = (QuantizeOperator)weightQuantizer.Operator;
        var (channels, inner) = ((int)weight.Shape[0], (int)(weight.Shape.ElementCount / Math.Max(1, weight.Shape[0])));
        var codes = stored.Of(grid, weight);
        var (scales, values) = (new double[channels], new double[codes.Length]);
        var (biasScales, biases) = (new double[channels], new double[channels]);
        for (var m = 0; m < channels; m++)
        {
            var (slope, shift) = Slope(graph, norm, m);
            var at = grid.Axis is null ? 0 : m;
            var bias = layer.Inputs.Count == 3 ? graph.Constant(layer.Inputs[2])!.ToFloat64()[m] : 0;
            biases[m] = (bias * slope) + shift;
            var largest = Math.Max(1, codes.AsSpan(m * inner, inner).ToArray().Max(Math.Abs));
            var spread = Math.Max(1, Math.Min(
                sbyte.MaxValue / largest, short.MaxValue / (2 * largest * (input.HighestCode + ByteQuantizer.Shift(input)))));

            // A channel without a slope is its bias alone: any scale will do in which that has many digits.
            scales[m] = (float)(slope == 0
                ? Math.Max(Math.Abs(shift), 1e-6) / (1 << 20) / input.Scales[0]
                : grid.Scales[at] / (stored.Factor * spread) * Math.Abs(slope));
            biasScales[m] = (float)((float)input.Scales[0] * scales[m]);
            for (var i = m * inner; i < (m + 1) * inner; i++)
            {
                var code = Math.Sign(slope) * spread * codes[i];
                values[i] = scales[m] * code;
                if (code > sbyte.MaxValue)
                {
                    return (null, $"batch normalisation negates the code −128 of its weight, in channel {m}.");
                }
            }

            if (!(biasScales[m] > 0) || !(Math.Abs(biases[m] / biasScales[m]) < int.MaxValue))
            {
                return (null, $"its bias {biases[m]:R} in channel {m} has no 32 bits in steps of {biasScales[m]:R}.");
            }
        }

        var none = new double[channels];
        return (new(
            layer, norm ?? layer, quantizers, NodesOf(graph, layer, norm), graph.Producer(weightQuantizer.Inputs[0]).Name,
            GraphTensor.Of(weight.Shape, values), new([.. scales], [.. none], sbyte.MinValue, sbyte.MaxValue, axis: 0),
            layer.Inputs.Count == 3 ? graph.Producer(layer.Inputs[2]).Name : $"{layer.Name}.bias",
            GraphTensor.Of([channels], biases), new([.. biasScales], [.. none], -int.MaxValue, int.MaxValue, axis: 0)), "");
    }

    /// <summary>Batch normalisation as slope · x + shift.</summary>
    private static (double Slope, double Shift) Slope(ModelGraph graph, GraphNode? norm, int channel)
    {
        if (norm is null)
        {
            return (1, 0);
        }

        var slope = Of(1) / Math.Sqrt(Of(4) + ((BatchNormOperator)norm.Operator).Epsilon);
        return (slope, Of(2) - (Of(3) * slope));

        double Of(int input) => graph.Constant(norm.Inputs[input])!.ToFloat64()[channel];
    }

    /// <summary>The quantizers of bytes that alone read a value, one or two; else null. Limits before them are in their grids.</summary>
    private static IReadOnlyList<GraphNode>? Quantizing(ModelGraph graph, GraphNode node) =>
        graph.Consumers(node.Output) is { Count: 1 or 2 } readers && readers.All(
            reader => reader.Operator is QuantizeOperator { Axis: null } grid && ByteQuantizer.Fits(grid)) ? readers : null;

    private static GraphNode? Only(ModelGraph graph, GraphNode node) =>
        graph.Consumers(node.Output) is [var only] && only.Operator is not OutputOperator ? only : null;

    /// <summary>What the step stands for, and what nothing else reads.</summary>
    private static List<GraphNode> NodesOf(ModelGraph graph, GraphNode layer, GraphNode? norm)
    {
        List<GraphNode> replaced = norm is null ? [] : [norm];
        var weightQuantizer = graph.Producer(layer.Inputs[1]);
        if (graph.Consumers(weightQuantizer.Output).Count == 1)
        {
            replaced.Add(weightQuantizer);
            replaced.AddRange(new[] { graph.Producer(weightQuantizer.Inputs[0]) }.Where(node => graph.Consumers(node.Output).Count == 1));
        }

        replaced.AddRange(layer.Inputs.Skip(2).Select(graph.Producer).Where(node => graph.Consumers(node.Output).Count == 1));
        return replaced;
    }
}
