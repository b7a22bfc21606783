using AdaQat.Export;
using Onnx;
using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;

namespace AdaQat.Tests.OnnxFusing;

/// <summary>What ONNX Runtime gets wrong is not in files: structure, read by code that is not ours.</summary>
public sealed class KnownFaultsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Two_bit_weights_are_loaded_optimised_because_something_is_added_to_them()
    {
        var graph = Written("keywords", "affine by channel", "2/2", OnnxForm.Compact).Graph;

        var twoBits = graph.Node.Where(node => node.OpType == "DequantizeLinear" && graph.Initializer.Any(
            constant => constant.Name == node.Input[0] && (int)constant.DataType is 25 or 26)).ToList();
        twoBits.Should().HaveCount(4);
        twoBits.Should().OnlyContain(node => Readers(graph, node.Output[0]).All(reader => reader.OpType == "Add"));
        FluentActions.Invoking(() => OnnxRun.Open(_folder.In("model.onnx"), optimizes: true).Dispose()).Should().NotThrow();
    }

    [Theory]
    [InlineData(OnnxForm.Compact)]
    [InlineData(OnnxForm.Fusable)]
    public void Linear_layers_are_no_Gemm_and_become_none(OnnxForm form)
    {
        var graph = Written("MLP", "LSQ", "8/8", form).Graph;

        graph.Node.Select(node => node.OpType).Should().NotContain("Gemm");
        graph.Node.Count(node => node.OpType == "MatMul").Should().Be(3);
        OnnxRun.Optimized(_folder.In("model.onnx")).Keys.Should().NotContain(["Gemm", "FusedGemm", "QGemm"]);
    }

    [Theory]
    [InlineData("keywords", "affine by channel", "8/8")]
    [InlineData("keywords", "affine by channel", "mixed")]
    [InlineData("MLP", "DoReFa, PACT", "mixed")]
    [InlineData("MLP", "affine", "8/8")]
    public void No_two_products_of_a_byte_and_a_signed_byte_are_more_than_16_bits(string network, string family, string bits)
    {
        foreach (var form in new[] { OnnxForm.Compact, OnnxForm.Fusable })
        {
            var graph = Written(network, family, bits, form).Graph;
            PairsOfProducts(graph).Should().OnlyContain(pair => pair <= short.MaxValue, "of {0}", form);
        }
    }

    [Fact]
    public void Where_VNNI_is_assumed_they_may_be()
    {
        var graph = Written("keywords", "affine by channel", "8/8", OnnxForm.Fusable, assumesVnni: true).Graph;

        PairsOfProducts(graph).Max().Should().BeGreaterThan(short.MaxValue);
    }

    [Theory]
    [InlineData(OnnxForm.Compact, 2)]
    [InlineData(OnnxForm.Fusable, 1)]
    public void A_weight_of_four_bits_takes_half_of_one_of_eight_where_files_are_compact(OnnxForm form, int part)
    {
        var (four, eight) = (Bytes("4/4"), Bytes("8/8"));

        four.Should().Be(eight / part);
        eight.Should().BeGreaterThan(300);

        int Bytes(string bits)
        {
            var model = Written("keywords", "LSQ", bits, form);
            string[] inner = ["body.3.weight", "body.6.weight", "body.9.weight", "body.12.weight"];
            return inner.Sum(name => model.Graph.Initializer.Single(constant => constant.Name.StartsWith(name, StringComparison.Ordinal)
                && (DataType)constant.DataType != DataType.Float && constant.Dims.Count > 1).RawData.Length);
        }
    }

    [Theory]
    [InlineData(OnnxForm.Plain, "LSQ")]
    [InlineData(OnnxForm.Plain, "DoReFa, PACT")]
    [InlineData(OnnxForm.Compact, "affine by channel")]
    [InlineData(OnnxForm.Fusable, "LSQ")]
    public void Every_constant_is_read_since_programs_warn_of_others(OnnxForm form, string family)
    {
        var graph = Written("keywords", family, "4/4", form).Graph;

        var read = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)).ToHashSet();
        graph.Initializer.Should().HaveCountGreaterThan(10);
        graph.Initializer.Select(constant => constant.Name).Should().BeSubsetOf(read);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<NodeProto> Readers(GraphProto graph, string value) =>
        graph.Node.Where(node => node.Input.Contains(value));

    /// <summary>The largest sum of two products in each layer of bytes and signed bytes.</summary>
    private static List<long> PairsOfProducts(GraphProto graph)
    {
        var makers = graph.Node.SelectMany(node => node.Output, (node, output) => (node, output))
            .ToDictionary(pair => pair.output, pair => pair.node);
        var constants = graph.Initializer.ToDictionary(constant => constant.Name);
        var pairs = new List<long> { 0 };
        foreach (var node in graph.Node.Where(node => node.OpType is "Conv" or "MatMul"))
        {
            if (makers.GetValueOrDefault(node.Input[0]) is { OpType: "DequantizeLinear" } input
                && makers.GetValueOrDefault(node.Input[1]) is { OpType: "DequantizeLinear" } weight
                && constants[weight.Input[0]] is var codes && (DataType)codes.DataType == DataType.Int8)
            {
                var highest = makers[input.Input[0]] is { OpType: "Clip" } clip ? constants[clip.Input[2]].RawData[0] : byte.MaxValue;
                pairs.Add(2L * highest * codes.RawData.Max(code => Math.Abs((int)(sbyte)code)));
            }
        }

        return pairs;
    }

    private ModelProto Written(string network, string family, string bits, OnnxForm form, bool assumesVnni = false)
    {
        var (model, images) = DeployedNetworks.Make(network);
        using var owned = model;
        using var quantized = DeployedNetworks.Quantize(model, images, family, bits);
        OnnxExport.Write(quantized.Graph(images), _folder.In("model.onnx"), new() { Form = form, AssumesVnni = assumesVnni });
        return OnnxReader.Read(_folder.In("model.onnx"));
    }
}
