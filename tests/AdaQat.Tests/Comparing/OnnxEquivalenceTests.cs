using AdaQat.Export;
using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Comparing;

/// <summary>
/// ONNX files, as ONNX Runtime runs them, beside the integer networks of the same models. The whole matrix is the command
/// <c>onnx-matrix</c> of this assembly.
/// </summary>
public sealed class OnnxEquivalenceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _images;
    private readonly QuantizedModel _quantized;

    public OnnxEquivalenceTests()
    {
        (_model, _images) = DeployedNetworks.Make("keywords");
        _quantized = DeployedNetworks.Quantize(_model, _images, "LSQ", "4/4");
    }

    /// <summary>Each network, family and width; every network with another pair.</summary>
    public static TheoryData<string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string>
        {
            { "ResNet-20", "LSQ", "4/4" },
            { "MobileNetV2", "DoReFa, PACT", "2/2" },
            { "MobileNetV2", "affine by channel", "8/8" },
            { "U-Net", "affine", "mixed" },
            { "vision transformer", "affine by channel", "4/4" },
            { "resnet18", "LSQ", "4/4" },
            { "mobilenet_v2", "LSQ", "mixed" },
        };
        foreach (var (family, i) in DeployedNetworks.Families.Select((family, i) => (family, i)))
        {
            for (var bits = 0; bits < DeployedNetworks.Bits.Count; bits++)
            {
                data.Add(bits % 2 == i % 2 ? "keywords" : "MLP", family, DeployedNetworks.Bits[bits]);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ONNX_Runtime_computes_the_integer_networks_codes_but_next_to_thresholds(string network, string family, string bits) =>
        ShouldBeEqual(network, family, bits, layerImages: DeployedNetworks.AreLarge.Contains(network) ? 1 : 6, JoinHandling.Unquantized);

    [Theory]
    [InlineData("ResNet-20", "LSQ", "4/4", 1)]
    [InlineData("MobileNetV2", "DoReFa, PACT", "2/2", 6)]
    [InlineData("MobileNetV2", "LSQ", "mixed", 6)]
    [InlineData("MobileNetV2", "affine by channel", "8/8", 6)]
    public void So_it_does_where_sums_are_of_codes(string network, string family, string bits, int layerImages) =>
        ShouldBeEqual(network, family, bits, layerImages, JoinHandling.Quantized);

    [Fact]
    public void A_program_that_computes_something_else_is_seen_layer_by_layer()
    {
        var integer = IntegerCompiler.Compile(_quantized, _images);
        using (no_grad())
        {
            // The third convolution is written with another bias than the integer network's.
            _model.get_parameter("body.6.bias")!.add_(0.3);
        }

        var file = Written(OnnxForm.Compact);
        using (no_grad())
        {
            _model.get_parameter("body.6.bias")!.sub_(0.3);
        }

        using var program = OnnxRun.Open(file.Path, optimizes: true);
        var report = Equivalence.CheckOnnx(_quantized, integer, file, program.Run, [_images]);

        report.Layers.Where(layer => layer.Unexplained > 0).Select(layer => layer.Quantizer).Should()
            .Equal("body.9.activation_quantizer");
        report.Unexplained.Should().BeGreaterThan(50);
        report.LargestDifference.Should().BePositive();
    }

    [Fact]
    public void Fused_layers_of_few_bits_are_the_integer_networks_to_the_bit()
    {
        var file = Written(OnnxForm.Fusable);
        using var program = OnnxRun.Open(file.Path, optimizes: true);

        var report = Equivalence.CheckOnnx(
            _quantized, IntegerCompiler.Compile(_quantized, _images), file, program.Run, [randn(64, 4, 24)], 64);

        file.FusedLayers.Should().HaveCountGreaterThan(1).And.OnlyContain(layer => layer.ThresholdsMoved == 0);
        report.CodesDifferent.Should().Be(0);
    }

    [Fact]
    public void A_moved_threshold_explains_the_codes_of_the_sums_that_it_moves_and_no_others()
    {
        using var quantized = Requantized("8/8");
        var file = OnnxExport.Write(
            quantized.Graph(_images), _folder.In("eight.onnx"), new() { Form = OnnxForm.Fusable, CodeOutputs = true });
        using var program = OnnxRun.Open(file.Path, optimizes: true);
        var integer = IntegerCompiler.Compile(quantized, _images);
        Tensor[] batches = [randn(64, 4, 24)];

        Check(moves => moves).Should().Be(0);
        Check(_ => []).Should().BePositive("without what the form does to its numbers none of them is explained");
        Check(moves => [.. moves.Select(move => move with { Most = 0 })]).Should().BePositive("none may pass a threshold then");
        file.FusedLayers.Sum(layer => layer.ThresholdsMoved).Should().BePositive();

        long Check(Func<IReadOnlyList<CodeMove>, IReadOnlyList<CodeMove>> with)
        {
            var other = file with
            {
                Codes = file.Codes.ToDictionary(pair => pair.Key, pair => pair.Value with { Moves = with(pair.Value.Moves) }),
            };
            return Equivalence.CheckOnnx(quantized, integer, other, program.Run, batches, 64).Unexplained;
        }
    }

    [Fact]
    public void Outputs_of_codes_are_behind_the_graphs_and_leave_what_is_fused()
    {
        var graph = _quantized.Graph(_images);
        OnnxExport.Write(graph, _folder.In("plain.onnx"), new() { Form = OnnxForm.Fusable });
        var file = Written(OnnxForm.Fusable);

        var outputs = OnnxReader.Read(file.Path).Graph.Output;
        outputs[0].Name.Should().Be(graph.Outputs[0].Name);
        outputs.Should().HaveCount(1 + file.Codes.Count).And.OnlyContain(
            output => output.Name == graph.Outputs[0].Name || output.Type.TensorType.ElemType == 2, "they are bytes");
        OnnxRun.Optimized(file.Path)["QLinearConv"].Should().Be(OnnxRun.Optimized(_folder.In("plain.onnx"))["QLinearConv"]);
    }

    [Fact]
    public void What_can_not_be_compared_is_refused()
    {
        var integer = IntegerCompiler.Compile(_quantized, _images);
        var plain = OnnxExport.Write(_quantized.Graph(_images), _folder.In("plain.onnx"), new() { Form = OnnxForm.Compact });
        var file = Written(OnnxForm.Compact);

        Check(plain, _ => new Dictionary<string, GraphTensor>(), [_images]).Should().Throw<ArgumentException>()
            .WithMessage("The file has no outputs with the codes of body.0.activation_quantizer*CodeOutputs = true*");
        Check(file, _ => new Dictionary<string, GraphTensor>(), [_images]).Should().Throw<ArgumentException>()
            .WithMessage("The program gave no output '*");
        Check(file, _ => new Dictionary<string, GraphTensor>(), []).Should().Throw<ArgumentException>().WithMessage("There is no batch*");

        Action Check(OnnxFile of, Func<GraphTensor, IReadOnlyDictionary<string, GraphTensor>> program, Tensor[] batches) =>
            () => Equivalence.CheckOnnx(_quantized, integer, of, program, batches);
    }

    [Fact]
    public void A_check_leaves_no_tensor_behind()
    {
        var integer = IntegerCompiler.Compile(_quantized, _images);
        var file = Written(OnnxForm.Compact);
        using var program = OnnxRun.Open(file.Path, optimizes: true);

        LiveTensors.LeftBy(() => Equivalence.CheckOnnx(_quantized, integer, file, program.Run, [_images])).Should().Be(0);
    }

    public void Dispose()
    {
        _quantized.Dispose();
        _model.Dispose();
        _scope.Dispose();
        _folder.Dispose();
    }

    private static void ShouldBeEqual(string network, string family, string bits, int layerImages, JoinHandling joins)
    {
        foreach (var (form, optimizes, report) in OnnxMatrix.Run(network, family, bits, layerImages, joins))
        {
            report.Codes.Should().BePositive();
            report.Unexplained.Should().Be(0, "of {0}, optimised: {1}:\n{2}", form, optimizes, report);
            report.Images.Should().Be(6);
            if (form == OnnxForm.Compact)
            {
                // Codes that differ, if any, are one in ten thousand: outputs are the integer network's.
                report.CodesDifferent.Should().BeLessThanOrEqualTo(2 + (report.Codes / 10000));
            }
        }
    }

    private QuantizedModel Requantized(string bits)
    {
        _quantized.Detach();
        return DeployedNetworks.Quantize(_model, _images, "LSQ", bits);
    }

    private OnnxFile Written(OnnxForm form) =>
        OnnxExport.Write(_quantized.Graph(_images), _folder.In("model.onnx"), new() { Form = form, CodeOutputs = true });
}
