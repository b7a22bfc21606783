using AdaQat.Graph;
using Onnx;

namespace AdaQat.Tests.Support;

/// <summary>The codes that ONNX Runtime quantizes to, layer by layer: bytes in the file are made outputs of it.</summary>
internal static class OnnxCodes
{
    /// <summary>
    /// How many codes of a file's quantizers there are, how many of them differ from those of the graph's interpreter, and by how many
    /// steps at most.
    /// </summary>
    public static (int Codes, int Different, double Worst) Compare(
        string path, ModelGraph graph, bool optimizes, params GraphTensor[] inputs)
    {
        var quantizers = graph.Nodes.Where(
            node => node.Operator is QuantizeOperator && graph.Constant(node.Inputs[0]) is null).ToList();
        var right = new GraphInterpreter(graph).RunAll(inputs);
        var model = OnnxReader.Read(path);
        var bytes = quantizers.ToDictionary(node => node.Name, node => model.Graph.Node.Single(
            part => part.OpType == "DequantizeLinear" && part.Output[0] == NameOf(node)).Input[0]);
        foreach (var name in bytes.Values)
        {
            model.Graph.Output.Add(new ValueInfoProto
            {
                Name = name,
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Uint8 } },
            });
        }

        var exposed = path + ".codes.onnx";
        File.WriteAllBytes(exposed, Google.Protobuf.MessageExtensions.ToByteArray(model));
        var results = OnnxRun.Of(exposed, optimizes, inputs);
        var (count, different, worst) = (0, 0, 0.0);
        foreach (var node in quantizers)
        {
            var grid = (QuantizeOperator)node.Operator;
            var expected = right.Of(node.Name)[0].ToFloat64();
            var actual = results[bytes[node.Name]].ToFloat64();
            var shift = Math.Max(0, -grid.LowestCode);
            for (var i = 0; i < expected.Length; i++)
            {
                var code = Math.Round((expected[i] / grid.Scales[0]) - grid.Offsets[0]);
                var distance = Math.Abs(code - (actual[i] - shift));
                (count, different, worst) = (count + 1, different + (distance > 0 ? 1 : 0), Math.Max(worst, distance));
            }
        }

        return (count, different, worst);

        // A value that is handed out has the output's name.
        string NameOf(GraphNode node) =>
            graph.Outputs.FirstOrDefault(output => output.Inputs[0].Id == node.Output.Id)?.Name ?? node.Name;
    }
}
