namespace AdaQat.Export;

/// <summary>A whole model as ONNX has it.</summary>
internal sealed record OnnxModel(
    string Name, int Opset, IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<OnnxTensor> Constants, IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The version of the format that came with each version of the operators, from 18 on.</summary>
    private static readonly int[] Formats = [8, 9, 9, 10, 10, 11, 12, 13];

    /// <summary>The version of the format, ONNX's <c>ir_version</c>.</summary>
    public int Format => Formats[Opset - OnnxOptions.LowestOpset];

    public ProtoMessage ToProto(Func<OnnxTensor, ProtoMessage> writeConstant)
    {
        var (model, operators) = (new ProtoMessage(), new ProtoMessage());
        model.Add(1, Format);
        model.Add(2, "AdaQat");
        model.Add(7, Graph(writeConstant));
        operators.Add(1, "");
        operators.Add(2, Opset);
        model.Add(8, operators);
        foreach (var (key, value) in Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var entry = new ProtoMessage();
            entry.Add(1, key);
            entry.Add(2, value);
            model.Add(14, entry);
        }

        return model;
    }

    private ProtoMessage Graph(Func<OnnxTensor, ProtoMessage> writeConstant)
    {
        var graph = new ProtoMessage();
        foreach (var node in Nodes)
        {
            graph.Add(1, node.ToProto());
        }

        graph.Add(2, Name);
        foreach (var constant in Constants)
        {
            graph.Add(5, writeConstant(constant));
        }

        foreach (var input in Inputs)
        {
            graph.Add(11, input.ToProto());
        }

        foreach (var output in Outputs)
        {
            graph.Add(12, output.ToProto());
        }

        return graph;
    }
}
