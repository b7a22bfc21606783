using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Models as users write them, none of which knows of quantization: attached, trained, detached, baked.</summary>
public sealed class ArchitectureTests
{
    private static readonly QuantizationOptions Options = new() { FirstLayerBits = null, LastLayerBits = null };

    public static TheoryData<string> Names => [.. Zoo.Names];

    /// <summary>All but the one that takes seconds a step.</summary>
    public static TheoryData<string> SmallNames => [.. Zoo.Names.Where(name => name != nameof(ResNet18))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Twenty_steps_move_the_widths_and_the_loss_stays_finite(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        using var quantized = subject.Attach(Options);

        var losses = Train(subject, quantized, steps: 20);

        losses.Should().OnlyContain(loss => double.IsFinite(loss)).And.HaveCount(20);
        losses.Distinct().Count().Should().BeGreaterThan(10, "the weights move");
        quantized.Widths.Should().HaveCount(2).And.OnlyContain(w => w.Value < 8 && w.Value >= 2);
    }

    [Theory]
    [MemberData(nameof(SmallNames))]
    public void By_layer_every_width_is_probed_and_moves(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        using var quantized = subject.Attach(Schemes.PerLayer);

        Train(subject, quantized, steps: 2,
            new BitWidthOptimizerOptions { ProbeInterval = 1, MaximumProbesPerStep = 1000, Lambda = 0.5, LearningRate = 0.05 });

        quantized.Widths.Count.Should().BeGreaterThan(2);
        quantized.Widths.Where(w => w.Value == 8).Select(w => w.Name).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Detached_after_training_it_is_a_model_that_never_was_attached_with_the_weights_it_has_now(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        using var twin = Zoo.Create(name);
        var untouched = Shape(twin.Model);
        using var quantized = subject.Attach(Options);
        Train(subject, quantized, steps: 3);

        quantized.Detach();

        Shape(subject.Model).Should().Equal(untouched);
        twin.Model.load_state_dict(subject.Model.state_dict());
        subject.Evaluate().Should().BeEquivalentTo(twin.Evaluate(), o => o.WithStrictOrdering());
        GradientsOfOneStep(subject).ShouldEqual(GradientsOfOneStep(twin));
        Bits.OfState(subject.Model).ShouldEqual(Bits.OfState(twin.Model));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Attached_and_detached_without_training_nothing_has_changed(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        var (shape, state, outputs) = (Shape(subject.Model), Bits.OfState(subject.Model), subject.Evaluate());

        using (var quantized = subject.Attach(Options))
        {
            subject.Evaluate().Should().NotBeEquivalentTo(outputs, "it was quantized");
        }

        Shape(subject.Model).Should().Equal(shape);
        Bits.OfState(subject.Model).ShouldEqual(state);
        subject.Evaluate().Should().BeEquivalentTo(outputs, o => o.WithStrictOrdering());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Baking_keeps_the_quantized_outputs_to_the_bit(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        using var quantized = subject.Attach(Options);
        Train(subject, quantized, steps: 6);
        var outputs = subject.Evaluate();

        quantized.Bake();

        subject.Evaluate().Should().BeEquivalentTo(outputs, o => o.WithStrictOrdering());
    }

    [Theory]
    [MemberData(nameof(SmallNames))]
    public void A_step_leaves_no_tensor_behind(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        using var quantized = subject.Attach(Options);
        var widths = new BitWidthOptimizer(quantized, Exact);
        using var optimizer = optim.SGD(quantized.Parameters(), 0.01);
        subject.Step(widths, optimizer);

        LiveTensors.LeftBy(() => subject.Step(widths, optimizer)).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_module_with_weights_is_in_the_summary(string name)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        using var quantized = subject.Attach(Options);

        var listed = quantized.Summary().Layers.Select(l => l.Name).ToHashSet();

        var quantizers = quantized.Layers.SelectMany(l => new nn.Module[] { l.WeightQuantizer, l.ActivationQuantizer })
            .ToHashSet(ReferenceEqualityComparer.Instance);
        var withWeights = subject.Model.named_modules().Prepend((name: subject.Model.GetName(), module: subject.Model))
            .Where(m => !quantizers.Contains(m.module) && m.module.named_parameters(false).Any(p => p.parameter.dim() >= 2));
        withWeights.Select(m => m.name).Should().BeSubsetOf(listed);
    }

    [Theory]
    [InlineData(nameof(LstmClassifier), "lstm", "LSTM", "float: recurrent weights are used inside one operator")]
    [InlineData(nameof(TextClassifier), "gru", "GRU", "float: recurrent weights are used inside one operator")]
    [InlineData(nameof(TextClassifier), "embedding", "Embedding", "float: a table that is looked up has no multiplications")]
    [InlineData(nameof(AttentionClassifier), "attention", "MultiheadAttention",
        "float: attention's fused weights are used inside one operator")]
    [InlineData(nameof(TransformerClassifier), "transformer", "TransformerEncoder", "float: its layers are parts of one native module")]
    [InlineData(nameof(FusionNet), "join", "Bilinear", "float: no quantizer for this kind of layer")]
    [InlineData(nameof(VisionTransformer), "VisionTransformer", "VisionTransformer", "float: parameters that the model uses itself")]
    public void What_no_quantizer_reaches_is_listed_with_its_reason(string name, string module, string kind, string reason)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);
        using var quantized = subject.Attach(Options);

        var line = quantized.Summary().Layers.Single(l => l.Name == module);

        (line.Kind, line.Widths).Should().Be((kind, reason));
    }

    private static BitWidthOptimizerOptions Exact { get; } =
        new() { ProbeInterval = 1, MaximumProbesPerStep = 2, Lambda = 0.15, LearningRate = 0.05 };

    private static List<double> Train(Subject subject, QuantizedModel quantized, int steps, BitWidthOptimizerOptions? options = null)
    {
        var widths = new BitWidthOptimizer(quantized, options ?? Exact);
        using var optimizer = optim.SGD(quantized.Parameters(), 0.01);
        return Enumerable.Range(0, steps).Select(_ => subject.Step(widths, optimizer).Loss).ToList();
    }

    private static Dictionary<string, byte[]> GradientsOfOneStep(Subject subject)
    {
        manual_seed(3);
        subject.Model.zero_grad();
        using var loss = subject.Loss();
        loss.backward();
        return Bits.OfGradients(subject.Model);
    }

    /// <summary>The names of modules, parameters and buffers, in order.</summary>
    private static List<string> Shape(nn.Module model) =>
    [
        .. model.named_modules().Select(m => m.name),
        .. model.named_parameters().Select(p => p.name),
        .. model.named_buffers().Select(b => b.name),
    ];
}
