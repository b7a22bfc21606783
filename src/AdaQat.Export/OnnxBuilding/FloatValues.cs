using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Constants in float32, weights as the values of their grids.</summary>
internal sealed class FloatValues : IStoredValues
{
    public bool Holds(ModelGraph graph, GraphValue value) => graph.Producer(value) is var node && (node.Operator is ConstantOperator
        || (node.Operator is QuantizeOperator && graph.Constant(node.Inputs[0]) is not null));

    public string Write(ModelGraph graph, GraphValue value, bool transposed, ModelParts parts)
    {
        var node = graph.Producer(value);
        if (node.Operator is QuantizeOperator grid)
        {
            var constant = graph.Producer(node.Inputs[0]);
            return Write(constant.Name, grid.Evaluate(graph.Constant(node.Inputs[0])!)[0], transposed, parts);
        }

        return Write(node.Name, graph.Constant(value)!, transposed, parts);
    }

    public static string Write(string name, GraphTensor tensor, bool transposed, ModelParts parts)
    {
        if (tensor.Shape.ElementCount * sizeof(float) > Array.MaxLength)
        {
            throw new OnnxExportException(name, $"it has {tensor.Shape.ElementCount} numbers; ONNX holds less than 2 GB in one tensor.");
        }

        var (shape, numbers) = transposed ? Turned(tensor) : (tensor.Shape, tensor.ToFloat32());
        return parts.Add(OnnxTensor.Floats(parts.Unique(transposed ? $"{name}_transposed" : name), [.. shape], numbers));
    }

    private static (Shape Shape, float[] Numbers) Turned(GraphTensor matrix)
    {
        var turned = new PermuteOperator([1, 0]).Evaluate(matrix)[0];
        return (turned.Shape, turned.ToFloat32());
    }
}
