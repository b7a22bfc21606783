using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A node of a graph while it is written: its inputs by name, its shapes, and the operations and constants that come of it. Their names
/// begin with the node's.
/// </summary>
internal sealed class OperatorScope(ModelGraph graph, GraphNode node, ModelParts parts, OtherBatch other, ValueNames values)
{
    public GraphNode Node => node;

    public int InputCount => node.Inputs.Count;

    public Shape Out => node.Outputs[0].Shape;

    public string Input(int input) => values.Of(node.Inputs[input]);

    /// <summary>An input that is a matrix, the other way round; a constant is stored so.</summary>
    public string Transposed(int input) =>
        values.Transposed(node.Inputs[input]) is { } constant ? constant : Op("Transpose", [Input(input)], OnnxAttribute.Of("perm", 1, 0));

    public Shape In(int input) => node.Inputs[input].Shape;

    /// <summary>The shape of an input with another batch; the same where the batch is fixed.</summary>
    public Shape OtherIn(int input) => other.ShapeOf(node.Inputs[input]);

    public IReadOnlyList<Shape> OtherIns => [.. node.Inputs.Select(other.ShapeOf)];

    public IReadOnlyList<Shape> Ins => [.. node.Inputs.Select(input => input.Shape)];

    public GraphTensor? Constant(int input) => graph.Constant(node.Inputs[input]);

    /// <summary>The size of an input along an axis, which may not follow from the batch.</summary>
    public long FixedSize(int input, int axis) => OtherIn(input)[axis] == In(input)[axis] ? In(input)[axis] : throw new OnnxExportException(
        node.Name, $"what it computes is written for the size {In(input)[axis]} of axis {axis} of its input {In(input)}, which follows "
            + $"from the batch; allowed is a fixed batch, {nameof(OnnxOptions)}.{nameof(OnnxOptions.AnyBatch)} = false.");

    public void Needs(int opset, string what) => parts.Needs(opset, $"node '{node.Name}', {what},");

    /// <summary>Notes which value has the codes of a quantizer, and what is added to each.</summary>
    public void HasCodes(string value, OnnxElement type, long shift) => parts.Codes.Add(node.Name, (value, type, shift));

    public OnnxExportException Refused(string message) => new(node.Name, message);

    /// <summary>Adds an operation with one result.</summary>
    public string Op(string operation, IEnumerable<string> inputs, params IEnumerable<OnnxAttribute> attributes) =>
        Ops(operation, inputs, 1, attributes)[0];

    /// <summary>Adds an operation with several results.</summary>
    public string[] Ops(string operation, IEnumerable<string> inputs, int results, params IEnumerable<OnnxAttribute> attributes)
    {
        var name = parts.Unique($"{node.Name}/{operation}");
        var outputs = Enumerable.Range(0, results).Select(_ => parts.Unique($"{node.Name}/{operation}:0")).ToArray();
        parts.Add(new OnnxNode(operation, name, [.. inputs], [.. outputs], [.. attributes]));
        return outputs;
    }

    public string Floats(string what, IReadOnlyList<long> shape, params ReadOnlySpan<float> numbers) =>
        parts.Add(OnnxTensor.Floats(parts.Unique($"{node.Name}/{what}"), shape, numbers));

    public string Number(string what, double number) => Floats(what, [], (float)number);

    public string Longs(string what, params ReadOnlySpan<long> numbers) =>
        parts.Add(OnnxTensor.Longs(parts.Unique($"{node.Name}/{what}"), numbers));

    public string Integers(string what, OnnxElement type, IReadOnlyList<long> shape, params ReadOnlySpan<long> numbers) =>
        parts.Add(OnnxTensor.Integers(parts.Unique($"{node.Name}/{what}"), type, shape, numbers));
}
