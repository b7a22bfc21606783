using AdaQat.Tests.Support.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>TorchVision's models as their package has them, freshly initialised: every layer with a width of its own.</summary>
public sealed class StrangersModelTests
{
    private const int Classes = 10;
    private const double LearningRate = 0.001;

    /// <summary>The smallest images that a model's strides and pooling leave something of.</summary>
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Create, int Pixels)> Models = new()
    {
        ["resnet18"] = (() => torchvision.models.resnet18(Classes), 32),
        ["resnet50"] = (() => torchvision.models.resnet50(Classes), 32),
        ["mobilenet_v2"] = (() => torchvision.models.mobilenet_v2(Classes), 32),
        ["mobilenet_v3_small"] = (() => torchvision.models.mobilenet_v3_small(), 32),
        ["googlenet"] = (() => torchvision.models.googlenet(Classes), 32),
        ["vgg11_bn"] = (() => torchvision.models.vgg11_bn(Classes), 32),
        ["alexnet"] = (() => torchvision.models.alexnet(Classes), 64),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    /// <summary>Layers that read one tensor share its quantizer: a block's first and its downsample, an inception's branches.</summary>
    [Theory]
    [InlineData("resnet18", 21, 18)]
    [InlineData("resnet50", 54, 50)]
    [InlineData("mobilenet_v2", 53, 53)]
    [InlineData("mobilenet_v3_small", 54, 54)]
    [InlineData("googlenet", 58, 40)]
    [InlineData("vgg11_bn", 11, 11)]
    [InlineData("alexnet", 8, 8)]
    public void Every_convolution_and_linear_layer_is_quantized_and_each_step_handles_each_width(string name, int layers, int inputs)
    {
        using var scope = NewDisposeScope();
        using var subject = Create(name);
        using var quantized = subject.Attach(Schemes.PerLayer);

        var steps = Train(subject, quantized, steps: 2);

        quantized.Layers.Select(l => l.Name).Should().HaveCount(layers).And.BeEquivalentTo(LayersOf(subject.Model));
        quantized.Summary().Layers.Should().HaveCount(layers, "nothing of it is left in float");
        quantized.Widths.Should().HaveCount(layers + inputs)
            .And.OnlyContain(w => w.Value >= 2 && w.Value <= 8).And.Contain(w => w.Value < 8);
        steps.Should().OnlyContain(step => double.IsFinite(step.Loss) && step.Probes.All(p => double.IsFinite(p.Gradient)));
        var names = quantized.Widths.Select(w => w.Name).ToList();
        steps.Should().AllSatisfy(step => step.Probes.Select(p => p.Width.Name).Should().BeEquivalentTo(names));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Baking_keeps_the_quantized_outputs_to_the_bit(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Create(name);
        using var quantized = subject.Attach(
            Schemes.PerLayer with { WeightBits = BitWidthChoice.Learned(start: 4), ActivationBits = BitWidthChoice.Learned(start: 5) });
        using (no_grad())
        {
            // In training mode, so that the ranges start from data.
            subject.Loss();
        }

        // Untrained, MobileNetV3's averages are so far from what it computes that its outputs would all be zero.
        if (subject.Model.modules().Any(m => m is BatchNorm2d))
        {
            BatchNormStatistics.Reestimate(subject.Model, () => subject.Loss());
        }

        var outputs = subject.Evaluate();
        outputs.Single().Distinct().Count().Should().BeGreaterThan(8, "outputs that are all the same would show nothing");

        quantized.Bake();

        subject.Evaluate().Should().BeEquivalentTo(outputs, o => o.WithStrictOrdering());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Detached_after_a_step_it_is_the_float_model_of_the_weights_it_has(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Create(name);
        using var twin = Create(name);
        var keys = subject.Model.state_dict().Keys.ToList();
        using var quantized = subject.Attach(Schemes.PerLayer);
        using var optimizer = optim.SGD(quantized.Parameters(), LearningRate);
        subject.Loss().backward();
        optimizer.step();
        var outputs = subject.Evaluate();

        quantized.Detach();

        subject.Model.state_dict().Keys.Should().Equal(keys);
        twin.Model.load_state_dict(subject.Model.state_dict());
        subject.Evaluate().Should().BeEquivalentTo(twin.Evaluate(), o => o.WithStrictOrdering()).And.NotBeEquivalentTo(outputs);
    }

    private static Subject Create(string name)
    {
        manual_seed(5);
        var (create, pixels) = Models[name];
        return Subject.Of(create(), randn(4, 3, pixels, pixels));
    }

    private static List<string> LayersOf(nn.Module model) =>
        model.named_modules().Where(m => m.module is Convolution or Linear).Select(m => m.name).ToList();

    /// <summary>Every step measures one width and estimates the others; λ is so large that some move at once.</summary>
    private static List<BitWidthStep> Train(Subject subject, QuantizedModel quantized, int steps)
    {
        var options = new BitWidthOptimizerOptions { ProbeInterval = 1, MaximumProbesPerStep = 1, Lambda = 0.5, LearningRate = 0.05 };
        var widths = new BitWidthOptimizer(quantized, options);
        using var optimizer = optim.SGD(quantized.Parameters(), LearningRate);
        return Enumerable.Range(0, steps).Select(_ => subject.Step(widths, optimizer)).ToList();
    }
}
