using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.OnnxWriting;

/// <summary>Quantized networks in ONNX Runtime, whose codes are held against those of the graph, layer by layer.</summary>
public sealed class QuantizedExportTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    // Where a sum of 32-bit numbers lies within its rounding of a threshold, a code is off by a step, and later layers see that.
    private const double OffAtMost = 0.002;

    public static TheoryData<string, int, int> Cases()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var name in new[] { nameof(MobileNetV2), nameof(UNet), nameof(SiameseNet), nameof(TwoHeads), nameof(NestedNet) })
        {
            data.Add(name, 2, 2);
            data.Add(name, 4, 4);
        }

        data.Add(nameof(MobileNetV2), 8, 8);
        data.Add(nameof(TimeSeriesNet), 2, 4);
        data.Add(nameof(VisionTransformer), 3, 5);
        data.Add(nameof(TiedNet), 1, 2);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Codes_are_the_graphs_in_both_forms_with_and_without_optimisation(string name, int weightBits, int activationBits)
    {
        using var subject = Zoo.Create(name);
        var graph = Captured(subject, Low(weightBits, activationBits));

        foreach (var form in new[] { OnnxForm.Compact, OnnxForm.Fusable })
        {
            var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = form });
            var computed = form == OnnxForm.Fusable ? FusableGraph.Of(graph).Graph : graph;
            foreach (var (optimizes, batch) in new[] { (false, 1), (true, 2) })
            {
                var inputs = graph.Inputs.Select(input => OnnxAgreement.Noise(batch, input.Output.Shape.With(0, batch))).ToArray();
                var (codes, different, worst) = OnnxCodes.Compare(file.Path, computed, optimizes, inputs);
                ((double)different / codes).Should().BeLessThan(OffAtMost, "of {0}, optimised: {1}, worst {2}", form, optimizes, worst);
            }
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static QuantizationOptions Low(int weightBits, int activationBits) => Schemes.PerLayer with
    {
        WeightBits = BitWidthChoice.Fixed(weightBits),
        ActivationBits = BitWidthChoice.Fixed(activationBits),
    };

    private static ModelGraph Captured(Subject subject, QuantizationScheme scheme)
    {
        using var quantized = subject.Attach(scheme);
        // Ranges start in training mode, with gradient.
        using var loss = subject.Loss();
        return subject.Capture(quantized);
    }
}
