using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A convolution between quantizers with the batch normalisation that follows it, as one step in integers, for each of the quantizers:
/// code' = round((Σ weight · code + bias) · scale), the bias being an integer.
/// </summary>
/// <remarks>
/// With y = (x − mean) / √(variance + ε) · gamma + beta of each channel the weight's scale is multiplied by |gamma| / √(variance + ε), its
/// codes are negated where gamma is negative, and the bias is (bias − mean) · gamma / √(variance + ε) + beta. The codes of a channel are
/// multiplied by as much as there is room for, which makes the bias finer; and scale and bias are then moved to where codes change at the
/// sums at which the network's change: <see cref="ByteRuleSearch"/>.
/// </remarks>
internal sealed record FusedConvolution(
    GraphNode Layer, GraphNode Result, IReadOnlyList<FusedStep> Steps, IReadOnlyList<GraphNode> Replaced, string WeightName,
    string BiasName, OnnxFusedLayer Exactness)
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
        var grids = quantizers.Select(quantizer => (QuantizeOperator)quantizer.Operator).ToList();
        var (channels, inner) = ((int)weight.Shape[0], (int)(weight.Shape.ElementCount / Math.Max(1, weight.Shape[0])));
        var (codes, bias) = (stored.Of(grid, weight), layer.Inputs.Count == 3 ? graph.Constant(layer.Inputs[2])!.ToFloat64() : null);
        var (found, maps) = (new FusedChannel[channels], new ChannelMap[channels]);
        for (var m = 0; m < channels; m++)
        {
            var own = codes.AsSpan(m * inner, inner);
            var unit = Rational.Of(grid.Scales[grid.Axis is null ? 0 : m]) / stored.Factor * Rational.Of(input.Scales[0]);
            var map = Behind(graph, norm, m, new(unit, Rational.Of(bias?[m] ?? 0)));
            foreach (ref var code in own)
            {
                code *= map.Slope.Sign;
            }

            maps[m] = map with { Slope = map.Slope.Magnitude };
            found[m] = FusedChannel.Of(own, maps[m], input, grids);
            foreach (ref var code in own)
            {
                code *= found[m].Spread;
                if (code > sbyte.MaxValue)
                {
                    return (null, $"batch normalisation negates the code −128 of its weight, in channel {m}.");
                }
            }

            if (found[m].Refusal(input) is { } refusal)
            {
                return (null, $"{refusal} in channel {m}.");
            }
        }

        return (new(
            layer, norm ?? layer, [.. quantizers.Select((quantizer, i) => Step(quantizer, i, weight.Shape, codes, input, found, maps))],
            NodesOf(graph, layer, norm), graph.Producer(weightQuantizer.Inputs[0]).Name,
            layer.Inputs.Count == 3 ? graph.Producer(layer.Inputs[2]).Name : $"{layer.Name}.bias",
            new(layer.Name, channels * quantizers.Count, found.Sum(channel => channel.Rules.Count(rule => rule.Moved > 0)),
                found.Sum(channel => (long)channel.Thresholds), found.Sum(channel => channel.Rules.Sum(rule => (long)rule.Moved)))), "");
    }

    /// <summary>The convolution for one of its quantizers.</summary>
    private static FusedStep Step(
        GraphNode quantizer, int i, Shape shape, long[] codes, QuantizeOperator input, FusedChannel[] channels, ChannelMap[] maps)
    {
        var rules = channels.Select(channel => channel.Rules[i]).ToList();
        var steps = rules.Select(rule => (double)(float)((float)input.Scales[0] * (double)rule.WeightScale)).ToList();
        var (values, none, inner) = (new double[codes.Length], new double[channels.Length], codes.Length / channels.Length);
        for (var at = 0; at < codes.Length; at++)
        {
            values[at] = (double)rules[at / inner].WeightScale * codes[at];
        }

        return new(
            quantizer, GraphTensor.Of(shape, values),
            new([.. rules.Select(rule => (double)rule.WeightScale)], [.. none], sbyte.MinValue, sbyte.MaxValue, axis: 0),
            GraphTensor.Of([channels.Length], [.. rules.Zip(steps, (rule, step) => rule.Bias * step)]),
            new([.. steps], [.. none], -int.MaxValue, int.MaxValue, axis: 0),
            [.. channels.Select((channel, m) => channel.Move(i, steps[m], maps[m]))]);
    }

    /// <summary>What sums stand for behind batch normalisation.</summary>
    private static ChannelMap Behind(ModelGraph graph, GraphNode? norm, int channel, ChannelMap map)
    {
        if (norm is null)
        {
            return map;
        }

        // The root is the one number that is no fraction: it is the double that the integer network has.
        var slope = Rational.Of(Of(1)) / Rational.Of(Math.Sqrt(Of(4) + ((BatchNormOperator)norm.Operator).Epsilon));
        return map.Then(slope, Rational.Of(Of(2)) - (slope * Rational.Of(Of(3))));

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
