using AdaQat.Export;
using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.OnnxFusing;

/// <summary>Which layers ONNX Runtime computes in bytes, and what becomes of the others.</summary>
public sealed class FusingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void Convolutions_between_quantizers_become_operations_of_bytes_with_their_batch_normalisation(int bits)
    {
        var graph = Net(DoReFa(bits));

        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable });

        file.Opset.Should().Be(18);
        var kinds = OnnxRun.Optimized(file.Path);
        kinds["QLinearConv"].Should().Be(2);
        kinds.Keys.Should().NotContain(["Conv", "BatchNormalization"]);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(7, false)]
    public void Codes_of_fused_layers_are_the_graphs_where_no_threshold_is_moved(int bits, bool isExact)
    {
        var graph = Net(DoReFa(bits));
        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable });
        var input = OnnxAgreement.Noise(3, [2, 3, 8, 8]);

        file.FusedLayers.Select(layer => (layer.Layer, layer.Channels)).Should().Equal(("a.conv", 4), ("b.conv", 4));
        file.FusedLayers.Sum(layer => layer.Thresholds).Should().BeInRange(80, 105, "one channel has no slope, six have 15 thresholds");
        (file.FusedLayers.Sum(layer => layer.ThresholdsMoved) == 0).Should().Be(isExact);
        file.FusedLayers.Count(layer => layer.ChannelsMoved > 0).Should().Be(
            file.FusedLayers.Count(layer => layer.ThresholdsMoved > 0));
        foreach (var optimizes in new[] { false, true })
        {
            var (codes, different, worst) = OnnxCodes.Compare(file.Path, graph, optimizes, input);
            var (_, differentFromFolded, _) = OnnxCodes.Compare(file.Path, FusableGraph.Of(graph).Graph, optimizes, input);
            ((double)different / codes).Should().BeLessThanOrEqualTo(isExact ? 0 : 0.02);
            worst.Should().BeLessThanOrEqualTo(1);
            differentFromFolded.Should().BeLessThanOrEqualTo(2);
        }
    }

    [Fact]
    public void Eight_bits_of_DoReFa_are_not_fused_and_named()
    {
        var graph = Net(DoReFa(8));

        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable });

        file.Notes.Should().Contain(
            "Node 'a.conv' is computed in float32: codes of its weight need more than 8 bits around zero: 8 bits with the offset -127.5.");
        OnnxRun.Optimized(file.Path)["Conv"].Should().Be(2);
        OnnxCodes.Compare(file.Path, graph, optimizes: true, OnnxAgreement.Noise(3, [2, 3, 8, 8])).Different
            .Should().BeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Eight_bits_around_zero_are_fused_and_told_of_where_processors_without_VNNI_would_saturate()
    {
        var graph = Net(new QuantizeOperator(0.003f, 0, -127, 127));

        OnnxExport.Write(graph, _folder.In("any.onnx"), new() { Form = OnnxForm.Fusable }).Notes.Should().BeEmpty();
        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable, AssumesVnni = true });

        OnnxRun.Optimized(_folder.In("any.onnx"))["QLinearConv"].Should().Be(2);
        OnnxRun.Optimized(file.Path)["QLinearConv"].Should().Be(2);
        file.Notes.Should().HaveCount(1).And.ContainMatch(
            "Node 'a.conv' saturates on x64 processors without VNNI: two products of 254 and 127 are more than 16 bits.*");
        foreach (var path in new[] { file.Path, _folder.In("any.onnx") })
        {
            OnnxCodes.Compare(path, FusableGraph.Of(graph).Graph, optimizes: true, OnnxAgreement.Noise(3, [2, 3, 8, 8])).Different
                .Should().BeLessThanOrEqualTo(2);
        }
    }

    [Fact]
    public void A_layer_before_a_sum_is_named()
    {
        var g = new GraphBuilder("sum");
        var x = g.Quantize(g.Input("x", [1, 2, 4, 4]), new QuantizeOperator(0.01f, 0, 0, 255));
        var y = g.Convolution(x, g.Quantize(g.Constant("w", OnnxAgreement.Noise(1, [2, 2, 1, 1])), DoReFa(4)), name: "layer");
        var graph = g.Output("y", g.Relu(g.Add(x, y))).Build();

        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable });

        file.Notes.Should().Equal(
            "Node 'layer' is computed in float32: its output is not quantized again right away, or behind a rectifier.");
    }

    [Fact]
    public void Sums_of_codes_are_added_in_bytes_and_all_convolutions_before_them_computed_so()
    {
        using var scope = NewDisposeScope();
        var (model, images) = DeployedNetworks.Make("ResNet-20");
        using var owned = model;
        using var quantized = DeployedNetworks.Quantize(model, images, "LSQ", "4/4", JoinHandling.Quantized);

        var file = OnnxExport.Write(quantized.Graph(images), _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable });

        file.Notes.Should().BeEmpty();
        var kinds = OnnxRun.Optimized(file.Path);
        // The last sum is averaged in float32.
        string.Join(", ", kinds.Where(kind => kind.Key is "QLinearConv" or "QLinearAdd" or "Add")
            .OrderBy(kind => kind.Key).Select(kind => $"{kind.Value} {kind.Key}")).Should().Be("1 Add, 8 QLinearAdd, 19 QLinearConv");
        kinds.Keys.Should().NotContain(["Conv", "BatchNormalization"]);
    }

    [Fact]
    public void A_convolution_that_two_quantizers_read_is_computed_for_each_with_one_weight()
    {
        var g = new GraphBuilder("two");
        var x = g.Quantize(g.Input("x", [1, 2, 4, 4]), new QuantizeOperator(0.01f, 0, 0, 255));
        var y = g.Relu(g.Convolution(x, g.Quantize(g.Constant("w", OnnxAgreement.Noise(1, [2, 2, 3, 3])), DoReFa(4)), name: "layer"));
        var graph = g.Output("a", g.Quantize(y, new QuantizeOperator(0.31f, 0, 0, 15)))
            .Output("b", g.Quantize(y, new QuantizeOperator(0.05f, 0, -127, 127))).Build();

        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable });

        file.Notes.Should().BeEmpty();
        file.FusedLayers.Single().Channels.Should().Be(4, "two for each quantizer");
        OnnxRun.Optimized(file.Path)["QLinearConv"].Should().Be(2);
        OnnxReader.Read(file.Path).Graph.Initializer.Where(constant => constant.RawData.Length == 2 * 2 * 9).Should().ContainSingle();
        OnnxCodes.Compare(file.Path, FusableGraph.Of(graph).Graph, optimizes: true, OnnxAgreement.Noise(3, [1, 2, 4, 4])).Different
            .Should().Be(0);
    }

    [Fact]
    public void A_linear_layer_is_a_product_of_bytes()
    {
        var g = new GraphBuilder("linear");
        var x = g.Quantize(g.Input("x", [2, 6]), new QuantizeOperator(0.01f, 0, 0, 255));
        var w = g.Quantize(g.Constant("w", OnnxAgreement.Noise(1, [4, 6])), DoReFa(4));
        var graph = g.Output("y", g.Linear(x, w, g.Constant("b", OnnxAgreement.Noise(2, [4])))).Build();

        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = OnnxForm.Fusable });

        OnnxRun.Optimized(file.Path).Keys.Should().Contain("MatMulIntegerToFloat");
        OnnxAgreement.Check(graph, new() { Form = OnnxForm.Fusable }, OnnxAgreement.Noise(3, [2, 6]));
    }

    [Fact]
    public void A_file_is_as_small_as_its_weights_bits()
    {
        var sizes = new[] { 2, 4, 8 }.ToDictionary(bits => bits, bits => Bytes(OnnxForm.Compact, bits));
        var plain = Bytes(OnnxForm.Plain, 4);

        (sizes[4] / (double)sizes[8]).Should().BeInRange(0.5, 0.52);
        (sizes[2] / (double)sizes[8]).Should().BeInRange(0.25, 0.28);
        (sizes[8] / (double)plain).Should().BeInRange(0.25, 0.26);
        (Bytes(OnnxForm.Fusable, 4) / (double)sizes[8]).Should().BeInRange(0.98, 1.02);

        long Bytes(OnnxForm form, int bits)
        {
            var g = new GraphBuilder("wide");
            var x = g.Quantize(g.Input("x", [1, 128, 3, 3]), new QuantizeOperator(0.01f, 0, 0, 255));
            var w = g.Quantize(g.Constant("w", OnnxAgreement.Noise(1, [128, 128, 3, 3])), DoReFa(bits));
            return OnnxExport.Write(g.Output("y", g.Convolution(x, w)).Build(), _folder.In("size.onnx"), new() { Form = form }).Bytes;
        }
    }

    public void Dispose() => _folder.Dispose();

    private static QuantizeOperator DoReFa(int bits) =>
        new(2f / ((1 << bits) - 1), -((1 << bits) - 1) / 2.0, 0, (1 << bits) - 1);

    /// <summary>Two convolutions with batch normalisation, of which one channel's slope is negative.</summary>
    private static ModelGraph Net(QuantizeOperator weights)
    {
        var g = new GraphBuilder("net");
        var x = g.Quantize(g.Input("x", [2, 3, 8, 8]), new QuantizeOperator(3 / 127f, 0, -127, 127));
        x = Block("a", x, 3, new QuantizeOperator(2 / 15f, 0, 0, 15));
        x = Block("b", x, 4, new QuantizeOperator(1 / 15f, 0, 0, 15));
        return g.Output("y", x).Build();

        GraphValue Block(string name, GraphValue input, long channels, QuantizeOperator grid)
        {
            using var module = g.InModule(name);
            var weight = g.Quantize(g.Constant($"{name}.weight", OnnxAgreement.Noise(channels, [4, channels, 3, 3])), weights);
            var y = g.Convolution(input, weight, Numbers("bias", 0.1f, -0.2f, 0.3f, 0), padding: 1, name: $"{name}.conv");
            y = g.BatchNorm(y, Numbers("gamma", 1, -0.5f, 2, 0), Numbers("beta", 0, 0.1f, 0.2f, 0.64f), Numbers("mean", 0, 1, -1, 0.5f),
                Numbers("var", 4, 9, 3, 5));
            return g.Quantize(g.Relu(y), grid);

            GraphValue Numbers(string what, params float[] numbers) => g.Constant($"{name}.{what}", GraphTensor.Of([4], numbers));
        }
    }
}
