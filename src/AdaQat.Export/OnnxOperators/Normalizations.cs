using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Normalisation by statistics that are known, or of the values themselves.</summary>
internal static class Normalizations
{
    public static string Batch(OperatorScope n, BatchNormOperator norm) => n.Op(
        "BatchNormalization", Enumerable.Range(0, n.InputCount).Select(n.Input), OnnxAttribute.Of("epsilon", norm.Epsilon));

    public static string Layer(OperatorScope n, LayerNormOperator norm)
    {
        var first = n.In(0).Rank - norm.AxisCount;
        string[] learned = n.InputCount switch
        {
            1 => [Ones(n, [.. Enumerable.Range(first, norm.AxisCount).Select(axis => n.FixedSize(0, axis))])],
            2 => [n.Input(1)],
            _ => [n.Input(1), n.Input(2)],
        };
        return n.Op("LayerNormalization", [n.Input(0), .. learned], OnnxAttribute.Of("axis", first),
            OnnxAttribute.Of("epsilon", norm.Epsilon));
    }

    /// <summary>Each group is an instance of ONNX's instance normalisation; what is learned of channels comes behind it.</summary>
    public static string Group(OperatorScope n, GroupNormOperator norm)
    {
        var grouped = n.Op("Reshape", [n.Input(0), n.Longs("groups", 0, norm.Groups, -1)]);
        var zeros = n.Floats("zeros", [norm.Groups], new float[norm.Groups]);
        var normal = n.Op(
            "InstanceNormalization", [grouped, Ones(n, [norm.Groups]), zeros], OnnxAttribute.Of("epsilon", norm.Epsilon));
        var result = n.Op("Reshape", [normal, n.Op("Shape", [n.Input(0)])]);
        result = n.InputCount > 1 ? n.Op("Mul", [result, Pointwise.OfChannels(n, 1)]) : result;
        return n.InputCount > 2 ? n.Op("Add", [result, Pointwise.OfChannels(n, 2)]) : result;
    }

    private static string Ones(OperatorScope n, Shape shape) =>
        n.Floats("ones", shape, [.. Enumerable.Repeat(1f, (int)shape.ElementCount)]);
}
