using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Rules;

/// <summary>Layers whose outputs meet in a sum share a width, and so do all who read what comes from there.</summary>
public sealed class JoinSharingTests : IDisposable
{
    private static readonly QuantizationOptions Options = new()
    {
        WeightSharing = WidthSharing.Join,
        ActivationSharing = WidthSharing.Join,
        FirstLayerBits = null,
        LastLayerBits = null,
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Along_the_shortcuts_of_a_residual_network_there_is_one_width()
    {
        using var model = new ResNet20Cifar.Models.ResNet20();
        using var quantized = QuantizedModel.Attach(model, randn(1, 3, 32, 32), Options);

        var widths = quantized.Layers.ToDictionary(l => l.Name, l => (Weights: l.WeightBits.Name, Activations: l.ActivationBits.Name));

        // Shortcuts without parameters join all stages.
        widths.Where(w => w.Value.Weights == "conv1.weights").Select(w => w.Key).Should().BeEquivalentTo(
            new[] { "conv1" }.Concat(widths.Keys.Where(name => name.EndsWith("conv2", StringComparison.Ordinal))));
        widths.Where(w => w.Value.Activations == "conv1.activations").Select(w => w.Key).Should().BeEquivalentTo(
            new[] { "linear" }.Concat(widths.Keys.Where(name => name.EndsWith(".conv1", StringComparison.Ordinal))));
        widths["layer1.0.conv2"].Activations.Should().Be("layer1.0.conv1.activations");
        widths["conv1"].Activations.Should().Be("input.activations");
        widths["linear"].Weights.Should().Be("linear.weights");
    }

    [Fact]
    public void A_product_ties_no_widths()
    {
        using var subject = Zoo.Create(nameof(NestedNet));
        using var quantized = subject.Attach(Options);

        // The last layer of the excitation multiplies the features that the second stage sums.
        var widths = quantized.Layers.ToDictionary(l => l.Name, l => l.WeightBits.Name);
        widths["excite.2"].Should().Be("excite.2.weights");
        widths["stages.1.side"].Should().Be(widths["stages.1.main.1.0"]);
    }

    [Fact]
    public void A_model_without_a_graph_is_refused()
    {
        using var subject = Zoo.Create(nameof(LstmClassifier));

        subject.Invoking(s => s.Attach(Options)).Should().Throw<CaptureException>()
            .WithMessage("The model's graph is needed, and could not be captured. Module 'lstm': aten::lstm can't be captured*");
    }

    public void Dispose() => _scope.Dispose();
}
