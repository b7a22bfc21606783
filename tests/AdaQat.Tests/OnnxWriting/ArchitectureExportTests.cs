using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.OnnxWriting;

/// <summary>Models as users write them, in ONNX Runtime.</summary>
public sealed class ArchitectureExportTests
{
    [Theory]
    [InlineData(nameof(ResNet18), true)]
    [InlineData(nameof(MobileNetV2), true)]
    [InlineData(nameof(Vgg), true)]
    [InlineData(nameof(UNet), true)]
    [InlineData(nameof(TimeSeriesNet), true)]
    [InlineData(nameof(Mlp), true)]
    [InlineData(nameof(VisionTransformer), true)]
    [InlineData(nameof(AttentionClassifier), true)]
    [InlineData(nameof(TransformerClassifier), false)]
    [InlineData(nameof(VolumeNet), true)]
    [InlineData(nameof(SiameseNet), true)]
    [InlineData(nameof(TwoHeads), true)]
    [InlineData(nameof(PyramidNet), true)]
    [InlineData(nameof(TiedNet), true)]
    [InlineData(nameof(NestedNet), true)]
    public void A_model_in_float_gives_the_same_outputs_with_batches_that_it_takes(string name, bool takesAnyBatch)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        var graph = subject.Capture();
        var inputs = subject.Inputs.Select(input => GraphOracle.ToGraph(input.to(ScalarType.Float32))).ToArray();

        var file = OnnxAgreement.Check(graph, new OnnxOptions(), inputs);

        file.TakesAnyBatch.Should().Be(takesAnyBatch);
        foreach (var batch in takesAnyBatch ? new[] { 1, 5 } : [])
        {
            OnnxAgreement.Check(
                graph, new OnnxOptions(), [.. inputs.Select(input => OnnxAgreement.Noise(batch, input.Shape.With(0, batch)))]);
        }
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("googlenet")]
    public void A_strangers_model_gives_the_same_outputs(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using nn.Module<Tensor, Tensor> model = name switch
        {
            "resnet18" => torchvision.models.resnet18(10),
            "mobilenet_v3_small" => torchvision.models.mobilenet_v3_small(),
            _ => torchvision.models.googlenet(10),
        };
        var graph = ModelCapture.Graph(model, randn(1, 3, 32, 32));

        OnnxAgreement.Check(graph, new OnnxOptions(), OnnxAgreement.Noise(2, [2, 3, 32, 32])).TakesAnyBatch.Should().BeTrue();
    }
}
