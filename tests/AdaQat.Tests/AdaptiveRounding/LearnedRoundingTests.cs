using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.AdaptiveRounding;

/// <summary>Rounding learned in whole networks.</summary>
public sealed class LearnedRoundingTests
{
    private static readonly LearnedRoundingOptions Quick = new() { Iterations = 120, BatchSize = 16, LearningRate = 0.05 };

    [Fact]
    public void The_network_comes_nearer_to_its_float_self_and_undo_brings_back_every_bit()
    {
        using var scope = NewDisposeScope();
        using var network = new Trained();
        var (model, quantized, batches) = (network.Model, network.Quantized, network.Batches);
        var (state, before) = (Bits.OfState(model), network.Error());
        var seen = new List<CorrectionProgress>();

        LiveTensors.LeftBy(() =>
        {
            using var correction = LearnedRounding.Apply(quantized, batches, Quick, new Listener(seen.Add), CancellationToken.None);

            correction.Report.Corrected.Select(e => e.Layer).Should().BeEquivalentTo(quantized.Layers.Select(l => l.Name));
            network.Error().Should().BeLessThan(0.8 * before);
            Bits.OfState(model).Where(e => !e.Value.SequenceEqual(state[e.Key])).Select(e => e.Key).Should()
                .OnlyContain(key => key.EndsWith(".weight"), "biases, statistics and quantizers stay");
        }).Should().Be(0);

        Bits.OfState(model).ShouldEqual(state);
        model.named_modules().Should().OnlyContain(m => m.module.training);
        seen.Should().HaveCount(2 * 5).And.OnlyContain(p => p.Count == 5 && p.Iterations == 120 && p.Objective > 0);
        seen.Select(p => (p.Number, p.Iteration)).Take(3).Should().Equal((1, 100), (1, 120), (2, 100));
    }

    [Fact]
    public void Kept_it_bakes_to_the_same_outputs_and_trains_on()
    {
        using var scope = NewDisposeScope();
        using var network = new Trained();
        LearnedRounding.Apply(network.Quantized, network.Batches, Quick, progress: null, CancellationToken.None).Keep();
        var learned = network.Error();

        network.Model.eval();
        var weights = optim.SGD(network.Quantized.Parameters(), 1e-4);
        network.Model.call(network.Batches[0]).square().mean().backward();
        weights.step();
        network.Error().Should().BeApproximately(learned, 0.5 * learned);

        var outputs = network.Outputs();
        network.Quantized.Bake();
        Bits.Of(network.Outputs()).Should().Equal(Bits.Of(outputs));
    }

    [Fact]
    public void Layers_that_can_not_are_named_with_the_reason()
    {
        using var scope = NewDisposeScope();
        using var network = new Trained(LayerRule.Named("first.0").With(weights: new PowerOfTwoOptions()));

        using var correction = LearnedRounding.Apply(
            network.Quantized, network.Batches, Quick with { Iterations = 5, LearningRate = 1e-9 }, progress: null, CancellationToken.None);

        correction.Report.Entries.Single(e => e.Layer == "first.0").ToString().Should().Be(
            "first.0: left alone: the values of PowerOfTwoQuantizer are not evenly spaced");
        correction.Report.Entries.Where(e => e.Layer != "first.0").Should().OnlyContain(
            e => !e.IsCorrected && e.What.StartsWith("plain rounding is as good: "), "nothing was learned in five steps of nothing");
    }

    [Fact]
    public void Cancelled_it_takes_all_back_or_keeps_the_layers_that_are_done()
    {
        using var scope = NewDisposeScope();
        using var network = new Trained();
        var state = Bits.OfState(network.Model);
        LiveTensors.LeftBy(() =>
        {
            using var source = new CancellationTokenSource();
            var apply = () => LearnedRounding.Apply(network.Quantized, network.Batches, Quick, CancelInSecond(source), source.Token);
            apply.Should().Throw<OperationCanceledException>();
        }).Should().Be(0);
        Bits.OfState(network.Model).ShouldEqual(state);

        using var again = new CancellationTokenSource();
        using (var kept = LearnedRounding.Apply(
            network.Quantized, network.Batches, Quick with { KeepsFinishedLayers = true }, CancelInSecond(again), again.Token))
        {
            kept.Report.Corrected.Select(e => e.Layer).Should().Equal(network.Quantized.Layers[0].Name);
            kept.Report.LeftAlone.Should().HaveCount(4).And.OnlyContain(e => e.What == "cancelled");
            kept.Report.Notes.Should().Equal("Cancelled: 1 of 5 layers were done, and are kept.");
        }

        Bits.OfState(network.Model).ShouldEqual(state);
    }

    [Fact]
    public void Options_outside_their_range_are_refused_by_name_before_anything_changes()
    {
        using var scope = NewDisposeScope();
        using var network = new Trained();
        foreach (var (options, message) in new (LearnedRoundingOptions, string)[]
        {
            (new() { Iterations = 0 }, "*Iterations is 0*"),
            (new() { BatchSize = 0 }, "*BatchSize is 0*"),
            (new() { LearningRate = 0 }, "*LearningRate is 0*"),
            (new() { Regularization = -1 }, "*Regularization is -1*"),
            (new() { StartBeta = double.NaN }, "*StartBeta is NaN*"),
            (new() { EndBeta = 0 }, "*EndBeta is 0*"),
            (new() { EndBeta = 30 }, "EndBeta is 30; allowed are numbers up to StartBeta, 20.*"),
            (new() { WarmStart = 1 }, "WarmStart is 1; allowed are numbers from 0, below 1.*"),
        })
        {
            var apply = () => LearnedRounding.Apply(network.Quantized, network.Batches, options, progress: null, CancellationToken.None);
            apply.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
        }
    }

    private static Listener CancelInSecond(CancellationTokenSource source) => new(p =>
    {
        if (p.Number == 2)
        {
            source.Cancel();
        }
    });

    /// <summary>A small network at three bits, with ranges.</summary>
    private sealed class Trained : IDisposable
    {
        private readonly Tensor _expected;

        public Trained(params LayerRule[] rules)
        {
            manual_seed(5);
            Model = new SmallResNet();
            TrainedState.Pretend(Model);
            Batches = [.. Enumerable.Range(1, 4).Select(seed => Networks.Images(16, seed).Input)];
            _expected = Outputs();
            Model.train();
            Quantized = QuantizedModel.Attach(Model, Batches[0], new QuantizationOptions
            {
                Weights = new AffineOptions(),
                Activations = new AffineOptions(),
                WeightBits = BitWidthChoice.Fixed(3),
                ActivationBits = BitWidthChoice.Fixed(8),
                FirstLayerBits = null,
                LastLayerBits = null,
                Rules = rules,
            });
            Quantized.Calibrate(Batches);
            Model.train();
        }

        public SmallResNet Model { get; }

        public IReadOnlyList<Tensor> Batches { get; }

        public QuantizedModel Quantized { get; }

        public Tensor Outputs()
        {
            using var guard = no_grad();
            using var scope = NewDisposeScope();
            Model.eval();
            var outputs = cat([.. Batches.Select(batch => Model.call(batch))]);
            Model.train();
            return outputs.MoveToOuterDisposeScope();
        }

        public double Error()
        {
            using var scope = NewDisposeScope();
            return (Outputs() - _expected).square().mean().item<float>();
        }

        public void Dispose()
        {
            Quantized.Dispose();
            Model.Dispose();
        }
    }

    private sealed class Listener(Action<CorrectionProgress> told) : IProgress<CorrectionProgress>
    {
        public void Report(CorrectionProgress value) => told(value);
    }
}
