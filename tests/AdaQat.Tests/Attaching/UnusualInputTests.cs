using AdaQat.Quantizers;
using AdaQat.Quantizers.Kernels;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Inputs and states of a model that are allowed and seldom tried.</summary>
public sealed class UnusualInputTests : IDisposable
{
    private static readonly QuantizationOptions Options = new() { FirstLayerBits = null, LastLayerBits = null };

    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void An_image_without_a_batch_dimension_counts_as_one()
    {
        var model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Conv2d(3, 4, 3));
        using var unbatched = QuantizedModel.Attach(model, randn(2, 8, 8), Options);
        var costs = unbatched.Profiles.Select(c => (c.Macs, c.ActivationCount)).ToList();
        model.call(randn(2, 8, 8)).shape.Should().Equal(4, 4, 4);
        unbatched.Detach();

        using var batched = QuantizedModel.Attach(model, randn(5, 2, 8, 8), Options);

        batched.Profiles.Select(c => (c.Macs, c.ActivationCount)).Should().Equal(costs);
    }

    [Fact]
    public void A_batch_of_one_trains()
    {
        var model = new UNet();
        var input = randn(1, 1, 16, 16);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        var loss = model.call(input).square().mean();
        loss.backward();

        model.parameters().Should().OnlyContain(p => HasFiniteGradient(p));
    }

    [Fact]
    public void An_input_that_takes_a_gradient_gets_the_straight_through_one()
    {
        using var model = nn.Linear(3, 2, hasBias: false);
        var input = tensor(new[] { 0.5f, -0.25f, 4f }).reshape(1, 3).requires_grad_();
        var options = Options with { Activations = new PactOptions { ClippingValue = 1 } };
        using var quantized = QuantizedModel.Attach(model, input.detach(), options);

        model.call(input).sum().backward();

        using var weight = quantized.Layers[0].QuantizedWeight();
        var through = weight.sum(dim: 0);
        input.grad!.data<float>().ToArray().Should().Equal(through[0].item<float>(), through[1].item<float>(), 0f);
    }

    [Fact]
    public void An_example_of_zeros_leaves_room_for_both_signs()
    {
        var model = new Mlp();
        using var quantized = QuantizedModel.Attach(model, zeros(2, 6), Options);
        using var negative = model.call(-ones(2, 6));
        using var positive = model.call(ones(2, 6));

        Bits.Of(negative).Should().NotEqual(Bits.Of(positive), "a range of non-negative numbers would make both zero");
        quantized.Layers[0].ActivationQuantizer.Should().BeOfType<PactQuantizer>().Which.IsSigned.Should().BeTrue();
    }

    [Fact]
    public void A_training_forward_without_gradient_leaves_the_model_ready_to_train()
    {
        var model = new NestedNet();
        var input = randn(2, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        using (no_grad())
        {
            model.call(input).requires_grad.Should().BeFalse();
        }

        model.call(input).sum().backward();

        model.get_parameter("stages.0.main.0.0.weight")!.grad.Should().NotBeNull();
    }

    [Fact]
    public void Frozen_layers_keep_their_weights_and_frozen_normalisation_its_statistics()
    {
        var model = new Vgg();
        var input = randn(4, 3, 16, 16);
        var frozen = model.named_parameters().Where(p => p.name.StartsWith("layers.conv2d-0", StringComparison.Ordinal)).ToList();
        frozen.Should().HaveCount(2);
        frozen.ForEach(p => p.parameter.requires_grad = false);
        foreach (var (_, norm) in model.named_modules().Where(m => m.module is TorchSharp.Modules.BatchNorm2d))
        {
            norm.eval();
        }

        using var quantized = QuantizedModel.Attach(model, input, Options);
        var (before, statistics) = (Bits.Of(frozen[0].parameter), model.buffers().Select(Bits.Of).ToList());
        var widths = new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { ProbeInterval = 1, LearningRate = 0.001 });
        using var optimizer = optim.SGD(quantized.Parameters().Where(p => p.requires_grad), 0.1);
        for (var step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            var loss = model.call(input).square().mean();
            loss.backward();
            widths.Step(loss, () => model.call(input).square().mean());
            optimizer.step();
        }

        frozen.Should().OnlyContain(p => ReferenceEquals(p.parameter.grad, null));
        Bits.Of(frozen[0].parameter).Should().Equal(before);
        var own = model.named_buffers().Where(b => !b.name.Contains("quantizer", StringComparison.Ordinal)).Select(b => Bits.Of(b.buffer))
            .ToList();
        own.Should().HaveCountGreaterThan(3);
        own.Select(Convert.ToBase64String).Should().BeSubsetOf(statistics.Select(Convert.ToBase64String));
    }

    [Fact]
    public void A_model_in_half_the_precision_trains_through_the_operators()
    {
        var model = new Vgg().to(ScalarType.BFloat16);
        var input = randn(4, 3, 16, 16).to(ScalarType.BFloat16);
        using var quantized = QuantizedModel.Attach(model, input, Options);

        var output = model.call(input);
        output.square().mean().backward();

        output.dtype.Should().Be(ScalarType.BFloat16);
        quantized.Parameters().Should().OnlyContain(p => p.dtype == ScalarType.BFloat16 && HasFiniteGradient(p));
    }

    [Theory]
    [InlineData(nameof(UNet))]
    [InlineData(nameof(VisionTransformer))]
    [InlineData(nameof(LstmClassifier))]
    [InlineData(nameof(AttentionClassifier))]
    public void Moved_to_double_precision_after_attaching_it_trains_there(string name)
    {
        manual_seed(1);
        (nn.Module<Tensor, Tensor> model, Tensor input) = name switch
        {
            nameof(UNet) => ((nn.Module<Tensor, Tensor>)new UNet(), randn(2, 1, 16, 16)),
            nameof(VisionTransformer) => (new VisionTransformer(), randn(2, 3, 8, 8)),
            nameof(LstmClassifier) => (new LstmClassifier(), randn(2, 5, 3)),
            _ => (new AttentionClassifier(), randn(2, 6, 5)),
        };
        using var quantized = QuantizedModel.Attach(model, input, Options);
        model.call(input).Dispose();

        model.to(ScalarType.Float64);
        var (moved, widths) = (input.to(ScalarType.Float64),
            new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { ProbeInterval = 1, LearningRate = 0.1 }));
        using var optimizer = optim.SGD(quantized.Parameters(), 0.01);
        var loss = model.call(moved).square().mean();
        loss.backward();
        widths.Step(loss, () => model.call(moved).square().mean());
        optimizer.step();

        loss.dtype.Should().Be(ScalarType.Float64);
        quantized.Parameters().Should().OnlyContain(p => p.dtype == ScalarType.Float64);
        quantized.Widths.Should().OnlyContain(w => w.Value < 8);
    }

    [Fact]
    public void A_part_that_throws_deep_inside_leaves_nothing_behind()
    {
        var model = new NestedNet();
        var twin = new NestedNet();
        twin.load_state_dict(model.state_dict());
        var input = randn(2, 3, 8, 8);
        var quantized = QuantizedModel.Attach(model, input, Options);
        using (quantized)
        {
            model.Invoking(m => m.call(randn(2, 5, 8, 8))).Should().Throw<Exception>();
            model.Invoking(m => m.call(randn(3, 8))).Should().Throw<Exception>();
            model.call(input).sum().backward();
        }

        Bits.Of(model.call(input)).Should().Equal(Bits.Of(twin.call(input)));
    }

    public void Dispose() => _scope.Dispose();

    private static bool HasFiniteGradient(Tensor tensor) => tensor.grad is { } gradient && gradient.isfinite().all().item<bool>();
}
