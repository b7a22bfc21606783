using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Tests.Support;
using static TorchSharp.torch;

namespace AdaQat.Tests.Comparing;

/// <summary>
/// What integer networks have as tables, weights of powers of two and functions such as SiLU, in ONNX Runtime: the same codes, in both
/// forms, with optimisation off and on.
/// </summary>
public sealed class OnnxLoweredTests
{
    public static IEnumerable<object[]> PowersOfTwo() =>
        DeployedFamilies.NamesAndBits.Where(row => ((string)row[0]).Contains("powers", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(PowersOfTwo))]
    public void Weights_of_powers_of_two_give_the_integer_networks_codes(string family, int bits)
    {
        using var model = DeployedFamilies.Network();
        using var input = randn(4, 3, 6, 6);
        using var quantized = QuantizedModel.Attach(model, input, DeployedFamilies.Options(family, bits));
        quantized.Calibrate([input]);

        var file = ShouldBeEqual(quantized.Graph(input), input);

        file.FusedLayers.Select(layer => layer.Layer).Should().Equal("conv1", "conv2");
    }

    public static TheoryData<ActivationFunction> Functions() => [.. Enum.GetValues<ActivationFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_of_sums_and_of_codes_give_the_integer_networks_codes(ActivationFunction function)
    {
        foreach (var bits in new[] { 2, 4, 8 })
        {
            var g = new GraphBuilder("functions");
            QuantizeOperator weights = new(1.0 / (1 << (bits - 1)), 0, -(1 << (bits - 1)), (1 << (bits - 1)) - 1);
            var x = g.Quantize(g.Input("x", [1, 3, 6, 6]), new(0.03, 0, -128, 127));
            x = g.Convolution(x, g.Quantize(g.Constant("w", OnnxAgreement.Noise(1, [4, 3, 3, 3])), weights), padding: 1);
            x = g.Quantize(g.Activation(x, function), new(8.0 / (1 << bits), 0, -(1 << (bits - 1)), (1 << (bits - 1)) - 1));
            x = g.Quantize(g.Activation(x, function), new(2.0 / (1 << bits), -(1 << bits) / 4, 0, (1 << bits) - 1));
            x = g.Convolution(x, g.Quantize(g.Constant("v", OnnxAgreement.Noise(2, [2, 4, 3, 3])), weights));
            manual_seed(3);
            using var input = randn(16, 3, 6, 6);

            ShouldBeEqual(g.Output("y", x).Build(), input);
        }
    }

    private static OnnxFile ShouldBeEqual(ModelGraph graph, Tensor input)
    {
        using var folder = new TemporaryFolder();
        var integer = IntegerLowering.Run(graph, new());
        OnnxFile file = null!;
        foreach (var form in new[] { OnnxForm.Compact, OnnxForm.Fusable })
        {
            file = OnnxExport.Write(graph, folder.In($"{form}.onnx"), new() { Form = form, CodeOutputs = true });
            foreach (var optimizes in new[] { false, true })
            {
                using var program = OnnxRun.Open(file.Path, optimizes);
                using var run = new OnnxEquivalenceRun(graph, integer, file, program.Run, layerImages: 16);
                run.Add(input);
                var report = run.Report();

                report.Codes.Should().BePositive();
                report.Layers.Should().HaveCount(integer.Codes.Count);
                report.Unexplained.Should().Be(0, "of {0}, optimised: {1}:\n{2}", form, optimizes, report);
                report.CodesDifferent.Should().BeLessThanOrEqualTo(report.Codes / 500, "of {0}: {1}", form, report);
            }
        }

        return file;
    }
}
