using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Strangers;

/// <summary>Two networks against each other, one or both of them attached.</summary>
public sealed class AdversarialTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Sequential _generator;
    private readonly Sequential _discriminator;
    private readonly BatchNorm1d _generatorNorm = nn.BatchNorm1d(8);
    private readonly BatchNorm1d _discriminatorNorm = nn.BatchNorm1d(8);
    private readonly Tensor _noise;
    private readonly Tensor _real;

    public AdversarialTests()
    {
        manual_seed(1);
        _generator = nn.Sequential(nn.Linear(3, 8), _generatorNorm, nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 4));
        _discriminator = nn.Sequential(nn.Linear(4, 8), _discriminatorNorm, nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1));
        (_noise, _real) = (randn(16, 3), randn(16, 4) + 2);
    }

    [Fact]
    public void The_discriminator_is_attached_and_the_generator_is_as_it_would_be_without_probes()
    {
        using var quantized = QuantizedModel.Attach(_discriminator, _real, new QuantizationOptions());

        StrangersLoop.Train(quantized, DiscriminatorLoss, steps: 20);

        Counted(_generatorNorm).Should().Be(20);
        Counted(_discriminatorNorm).Should().Be(40);
    }

    [Fact]
    public void The_generator_is_attached_and_the_discriminator_is_as_it_would_be_without_probes()
    {
        using var quantized = QuantizedModel.Attach(_generator, _noise, new QuantizationOptions());

        StrangersLoop.Train(quantized, GeneratorLoss, steps: 20);

        Counted(_generatorNorm).Should().Be(20);
        Counted(_discriminatorNorm).Should().Be(20);
    }

    [Fact]
    public void Both_are_attached_and_train_in_turns()
    {
        using var generator = QuantizedModel.Attach(_generator, _noise, new QuantizationOptions());
        using var discriminator = QuantizedModel.Attach(_discriminator, _real, new QuantizationOptions());
        var (generatorWidths, discriminatorWidths) =
            (new BitWidthOptimizer(generator, StrangersLoop.Options), new BitWidthOptimizer(discriminator, StrangersLoop.Options));
        using var generatorWeights = optim.Adam(generator.Parameters(), 0.01);
        using var discriminatorWeights = optim.Adam(discriminator.Parameters(), 0.01);
        for (var step = 0; step < 20; step++)
        {
            using var scope = NewDisposeScope();
            Step(discriminatorWeights, discriminatorWidths, DiscriminatorLoss);
            Step(generatorWeights, generatorWidths, GeneratorLoss);
        }

        generator.Widths.Concat(discriminator.Widths).Should().OnlyContain(w => w.Value < 8);
        (Counted(_generatorNorm), Counted(_discriminatorNorm)).Should().Be((40, 60));
        generator.Warnings.Concat(discriminator.Warnings).Should().NotContain(w => w.Subject == "Step" || w.Subject == "closure");
    }

    [Fact]
    public void A_gradient_penalty_trains()
    {
        using var quantized = QuantizedModel.Attach(_discriminator, _real, new QuantizationOptions());

        StrangersLoop.Train(quantized, PenalisedLoss);

        Counted(_discriminatorNorm).Should().Be(90, "three forwards in each of thirty steps");
    }

    [Fact]
    public void So_it_does_with_a_width_a_layer_most_of_them_estimated()
    {
        using var quantized = QuantizedModel.Attach(_discriminator, _real, Schemes.PerLayer);

        StrangersLoop.Train(quantized, PenalisedLoss);
    }

    public void Dispose() => _scope.Dispose();

    private static long Counted(BatchNorm1d norm) => norm.num_batches_tracked!.item<long>();

    private static void Step(optim.Optimizer weights, BitWidthOptimizer widths, Func<Tensor> loss)
    {
        weights.zero_grad();
        var here = loss();
        here.backward();
        widths.Step(here, loss);
        weights.step();
    }

    private Tensor DiscriminatorLoss()
    {
        var (real, fake) = (_discriminator.call(_real), _discriminator.call(_generator.call(_noise).detach()));
        return nn.functional.binary_cross_entropy_with_logits(real, ones_like(real))
            + nn.functional.binary_cross_entropy_with_logits(fake, zeros_like(fake));
    }

    private Tensor GeneratorLoss()
    {
        var judged = _discriminator.call(_generator.call(_noise));
        return nn.functional.binary_cross_entropy_with_logits(judged, ones_like(judged));
    }

    /// <summary>Wasserstein with gradient penalty.</summary>
    private Tensor PenalisedLoss()
    {
        var fake = _generator.call(_noise).detach();
        var between = ((_real + fake) / 2).detach().requires_grad_();
        var gradient = autograd.grad([_discriminator.call(between).sum()], [between], retain_graph: true, create_graph: true)[0];
        var penalty = (gradient.square().sum(1).add(1e-12).sqrt() - 1).square().mean();
        return _discriminator.call(fake).mean() - _discriminator.call(_real).mean() + (10 * penalty);
    }
}
