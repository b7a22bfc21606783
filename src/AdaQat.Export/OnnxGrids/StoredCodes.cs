using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Weights as codes of their grids, with what makes values of them.</summary>
/// <param name="choose">How codes of a grid are stored; null for values in float32.</param>
internal sealed class StoredCodes(Func<QuantizeOperator, StoredGrid?> choose) : IStoredValues
{
    private readonly FloatValues _floats = new();

    // What is stored of each module.
    private readonly List<(string Module, OnnxTensor Codes)> _written = [];

    public bool Holds(ModelGraph graph, GraphValue value) => _floats.Holds(graph, value);

    public string Write(ModelGraph graph, GraphValue value, bool transposed, ModelParts parts)
    {
        var node = graph.Producer(value);
        if (node.Operator is not QuantizeOperator grid || choose(grid) is not { } stored)
        {
            return _floats.Write(graph, value, transposed, parts);
        }

        parts.Needs(stored.Opset, $"weight '{graph.Producer(node.Inputs[0]).Name}', stored as {stored.Type},");
        var tensor = graph.Constant(node.Inputs[0])!;
        var codes = stored.Of(grid, tensor);

        // A matrix is stored the other way round; groups are dequantized first, since their scales follow from the order of elements.
        var turns = transposed && grid.GroupSize is null;
        var constant = graph.Producer(node.Inputs[0]);
        var writer = new Writer(parts, constant.Name + (transposed ? "_transposed" : ""), made => Once(constant.Module, made, parts));
        var result = writer.Dequantized(grid, stored, tensor.Shape, codes, turns);
        return transposed && !turns ? writer.Op("Transpose", [result], OnnxAttribute.Of("perm", 1, 0)) : result;
    }

    /// <summary>Codes as they are stored; those that a module has with several scales once.</summary>
    private string Once(string module, OnnxTensor codes, ModelParts parts)
    {
        foreach (var (_, known) in _written.Where(each => each.Module == module))
        {
            if (known.Type == codes.Type && known.Shape == codes.Shape && known.Bytes.Span.SequenceEqual(codes.Bytes.Span))
            {
                return known.Name;
            }
        }

        codes = codes with { Name = parts.Unique(codes.Name) };
        _written.Add((module, codes));
        return parts.Add(codes);
    }

    private sealed class Writer(ModelParts parts, string name, Func<OnnxTensor, string> once)
    {
        public string Dequantized(QuantizeOperator grid, StoredGrid stored, Shape shape, long[] codes, bool turns)
        {
            IReadOnlyList<long> storedShape = turns ? [shape[1], shape[0]]
                : grid.GroupSize is { } size ? [shape.ElementCount / size, size] : shape;
            var axis = turns && grid.Axis is { } turned ? 1 - turned : grid.Axis;
            var integers = once(OnnxTensor.Integers(name, stored.Type, storedShape, turns ? Turned(codes, shape) : codes));
            long[] scaleShape = axis is null ? [] : [grid.Scales.Count];
            var scale = parts.Add(OnnxTensor.Floats(
                parts.Unique($"{name}_scale"), scaleShape, [.. grid.Scales.Select(number => (float)(number / stored.Factor))]));
            string[] inputs = stored.ZeroPoints.All(point => point == 0)
                ? [integers, scale]
                : [integers, scale, parts.Add(OnnxTensor.Integers(
                    parts.Unique($"{name}_zero_point"), stored.Type, scaleShape, stored.ZeroPoints))];
            var result = Op("DequantizeLinear", inputs, axis is { } at ? [OnnxAttribute.Of("axis", at)] : []);
            if (stored.Additions is { } additions)
            {
                long[] addedShape = axis is { } from ? [.. scaleShape, .. Enumerable.Repeat(1L, storedShape.Count - from - 1)] : [];
                result = Op("Add", [result, parts.Add(OnnxTensor.Floats(
                    parts.Unique($"{name}_addition"), addedShape,
                    [.. grid.Scales.Zip(additions).Select(pair => (float)(pair.First * pair.Second))]))]);
            }

            return grid.GroupSize is null ? result
                : Op("Reshape", [result, parts.Add(OnnxTensor.Longs(parts.Unique($"{name}_shape"), [.. shape]))]);
        }

        public string Op(string operation, string[] inputs, params OnnxAttribute[] attributes)
        {
            var output = parts.Unique($"{name}/{operation}:0");
            parts.Add(new OnnxNode(operation, parts.Unique($"{name}/{operation}"), [.. inputs], [output], [.. attributes]));
            return output;
        }

        private static long[] Turned(long[] codes, Shape shape)
        {
            var turned = new long[codes.Length];
            var (rows, columns) = ((int)shape[0], (int)shape[1]);
            for (var i = 0; i < codes.Length; i++)
            {
                turned[(i % columns * rows) + (i / columns)] = codes[i];
            }

            return turned;
        }
    }
}
