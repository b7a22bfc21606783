using AdaQat.Graph;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>The picture of ResNet-20 in the docs is drawn from its graph.</summary>
public sealed class PictureTests
{
    [Fact]
    public void The_picture_in_the_docs_is_what_the_graph_draws()
    {
        using var scope = NewDisposeScope();
        using var model = new ResNet20Cifar.Models.ResNet20();
        var image = randn(1, 3, 32, 32);
        using var quantized = QuantizedModel.Attach(
            model, image, new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(4) });
        quantized.Calibrate([image]);

        var picture = quantized.Graph(image).ToMermaid();

        File.ReadAllText(Path.Combine(Repository.Root, "docs", "resnet20.md")).ReplaceLineEndings("\n")
            .Should().Contain($"```mermaid\n{picture}```\n");
    }
}
