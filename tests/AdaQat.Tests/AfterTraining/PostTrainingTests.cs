using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.AfterTraining;

/// <summary>A trained network quantized in one call.</summary>
public sealed class PostTrainingTests
{
    private static readonly PostTrainingOptions Quick = new() { Rounding = new LearnedRoundingOptions { Iterations = 50, BatchSize = 8 } };

    [Fact]
    public void Every_step_says_what_it_brought_and_none_leaves_the_network_worse()
    {
        using var scope = NewDisposeScope();
        using var model = Trained();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerTensor);

        using var result = PostTraining.Quantize(quantized, data, Quick);

        var report = result.Report;
        report.Steps.Select(s => s.Name).Should().StartWith("ranges").And.EndWith("batch-norm statistics").And.Contain("equalisation");
        var quality = double.NegativeInfinity;
        foreach (var step in report.Steps.Where(s => s.Outcome == PostTrainingOutcome.Kept))
        {
            step.After!.Value.SignalToNoise.Should().BeGreaterThanOrEqualTo(quality);
            quality = step.After.Value.SignalToNoise;
        }

        result.Quality.SignalToNoise.Should().Be(quality).And.BeApproximately(SignalToNoise(quantized, model, data), 1e-3);
        result.Quality.Metric.Should().BeNull();
        report.ToString().Should().Contain("signal to noise").And.Contain("mean squared error").And.Contain("kept");
        report.Ranges.Ranges.Should().Contain(r => r.Target == QuantizerTarget.Weight);
    }

    [Fact]
    public void Undo_brings_every_bit_back()
    {
        using var scope = NewDisposeScope();
        using var model = Trained();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerTensor);
        quantized.Calibrate(data);
        var (state, random) = (Bits.OfState(model), Bits.OfRandomState());
        var modes = Modes(model);

        var result = PostTraining.Quantize(quantized, data, Quick with { FoldsBatchNorm = true });

        Bits.OfRandomState().Should().Equal(random);
        Modes(model).Should().Equal(modes);
        Bits.OfState(model).Should().NotBeEquivalentTo(state);
        result.Undo();
        Bits.OfState(model).ShouldEqual(state);
        result.Invoking(r => r.Undo()).Should().Throw<InvalidOperationException>().WithMessage("*undone already*");
    }

    [Fact]
    public void Nothing_is_left_over_once_the_result_is_disposed()
    {
        using var model = Trained();
        using var scope = NewDisposeScope();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerTensor);
        PostTraining.Quantize(quantized, data, Quick).Dispose();

        LiveTensors.LeftBy(() => PostTraining.Quantize(quantized, data, Quick).Dispose()).Should().Be(0);
        LiveTensors.LeftBy(() => PostTraining.Quantize(quantized, data, Quick).Undo()).Should().Be(0);
    }

    [Fact]
    public void On_a_channel_that_is_an_outlier_equalisation_and_scales_per_channel_each_rescue_the_network_and_the_report_says_so()
    {
        using var scope = NewDisposeScope();
        var data = Data();
        var options = new PostTrainingOptions { Effort = PostTrainingEffort.Fast, ReestimatesBatchNorm = false };

        var lost = Quantized(Granularity.PerTensor, options with { Equalizes = false });
        var equalized = Quantized(Granularity.PerTensor, options);
        var byChannel = Quantized(Granularity.PerChannel(), options with { Equalizes = false });

        equalized.Quality.SignalToNoise.Should().BeGreaterThan(lost.Quality.SignalToNoise + 10);
        byChannel.Quality.SignalToNoise.Should().BeGreaterThan(lost.Quality.SignalToNoise + 10);
        equalized.Steps.Single(s => s.Name == "equalisation").Outcome.Should().Be(PostTrainingOutcome.Kept);
        lost.ToString().Should().MatchRegex("note: The largest output channel of 'conv1' reached [0-9.]+ times.*would serve each");
        equalized.ToString().Should().MatchRegex("note: The largest output channel of 'conv1' .* equalisation has brought that down to");
        byChannel.ToString().Should().MatchRegex("note: The largest output channel of 'conv1' .* a scale of its own");

        PostTrainingReport Quantized(Granularity granularity, PostTrainingOptions choices)
        {
            using var model = WithOutlier();
            using var quantized = Attach(model, data, granularity, weightBits: 8);
            using var result = PostTraining.Quantize(quantized, data, choices);
            return result.Report;
        }
    }

    [Fact]
    public void A_metric_decides_where_there_is_one_and_a_step_that_makes_it_worse_is_taken_back()
    {
        using var scope = NewDisposeScope();
        using var model = WithOutlier();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerTensor);
        var weight = model.get_parameter("conv1.weight")!;
        var original = Bits.Of(weight);
        // Whoever touches the first weight makes it worse.
        double Metric() => Bits.Of(weight).AsSpan().SequenceEqual(original) ? 1 : 0;

        using var result = PostTraining.Quantize(quantized, data, Quick with { Evaluate = Metric });

        var step = result.Report.Steps.Single(s => s.Name == "equalisation");
        (step.Outcome, step.Before!.Value.Metric, step.After!.Value.Metric).Should().Be((PostTrainingOutcome.Dropped, 1, 0));
        Bits.Of(weight).Should().Equal(original);
        result.Report.FloatMetric.Should().Be(1);
        result.Quality.Metric.Should().Be(1);
        result.ToString().Should().Contain("taken back").And.Contain("the network as it was");
    }

    [Fact]
    public void Afterwards_it_trains_saves_and_bakes_as_any_other()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Trained();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerChannel());
        using (PostTraining.Quantize(quantized, data, Quick))
        {
        }

        model.eval();
        var output = Bits.Of(model.call(data[0]));
        var state = model.state_dict().ToDictionary(e => e.Key, e => e.Value.clone());
        using var other = Trained(seed: 9);
        using var attached = Attach(other, data, Granularity.PerChannel());
        other.load_state_dict(state);
        other.eval();
        Bits.Of(other.call(data[0])).Should().Equal(output);

        model.train();
        using var optimizer = optim.SGD(quantized.Parameters(), 0.01);
        var target = randint(0, 10, [data[0].shape[0]], dtype: ScalarType.Int64);
        var losses = new List<float>();
        for (var step = 0; step < 20; step++)
        {
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(data[0]), target);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        losses[^1].Should().BeLessThan(losses[0]);
        model.eval();
        var trained = Bits.Of(model.call(data[0]));
        quantized.Bake();
        Bits.Of(model.call(data[0])).Should().Equal(trained);
    }

    [Fact]
    public void A_baked_model_is_not_quantized_again_and_what_was_baked_is_not_undone()
    {
        using var scope = NewDisposeScope();
        using var model = Trained();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerTensor);
        using var result = PostTraining.Quantize(quantized, data, Quick);
        quantized.Bake();

        result.Invoking(r => r.Undo()).Should().Throw<InvalidOperationException>().WithMessage("*baked*");
        FluentActions.Invoking(() => PostTraining.Quantize(quantized, data, Quick)).Should().Throw<InvalidOperationException>()
            .WithMessage("*baked*");
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "none", "There are no data; at least one batch is needed*" },
        { "empty", "Batch 1 (counted from 0) is empty*" },
        { "NaN", "Batch 1 (counted from 0) holds NaN or infinity in 1 of its 8 elements, first in element 3*" },
        { "shape", "The model cannot take batch 1 (counted from 0), of shape [8, 2, 8, 8]*" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Bad_data_are_named_and_nothing_changes(string fault, string message)
    {
        using var scope = NewDisposeScope();
        using var model = Trained();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerTensor);
        var state = Bits.OfState(model);
        var bad = data[1].clone();
        bad[3, 0, 1, 1] = float.NaN;
        Tensor[] batches = fault switch
        {
            "none" => [],
            "empty" => [data[0], data[0].narrow(0, 0, 0)],
            "NaN" => [data[0], bad],
            _ => [data[0], data[0].narrow(1, 0, 2)],
        };

        FluentActions.Invoking(() => PostTraining.Quantize(quantized, batches)).Should().Throw<ArgumentException>().WithMessage(message);

        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void Cancelled_at_any_step_the_model_is_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var model = WithOutlier();
        var data = Data();
        using var quantized = Attach(model, data, Granularity.PerTensor);
        var state = Bits.OfState(model);
        var seen = new List<string>();
        foreach (var name in new[] { "ranges", "equalisation", "learned rounding", "bias correction", "batch-norm statistics" })
        {
            using var cancellation = new CancellationTokenSource();
            var progress = new Relay(p =>
            {
                seen.Add(p.Step);
                p.Share.Should().BeInRange(0, 1);
                p.Index.Should().BeInRange(0, p.Steps - 1);
                if (p.Step == name)
                {
                    cancellation.Cancel();
                }
            });

            FluentActions.Invoking(() => PostTraining.Quantize(quantized, data, Quick, progress, cancellation.Token))
                .Should().Throw<OperationCanceledException>(name);

            Bits.OfState(model).ShouldEqual(state);
        }

        seen.Should().Contain("batch-norm statistics");
    }

    [Fact]
    public void Families_without_ranges_are_left_to_themselves()
    {
        using var scope = NewDisposeScope();
        using var model = Trained();
        var data = Data();
        using var quantized = QuantizedModel.Attach(model, data[0], new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Fixed(6),
            ActivationBits = BitWidthChoice.Fixed(6),
            Activations = new AffineOptions { Range = RangeSource.Dynamic },
        });

        using var result = PostTraining.Quantize(quantized, data, new PostTrainingOptions { Effort = PostTrainingEffort.Fast });

        result.Quality.SignalToNoise.Should().BeGreaterThan(10);
    }

    [Fact]
    public void What_it_does_not_measure_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = new PairNetwork();
        var (left, right) = PairNetwork.Example();
        using var quantized = QuantizedModel.Attach(model, left, right, new QuantizationOptions());

        FluentActions.Invoking(() => PostTraining.Quantize(quantized, [left])).Should().Throw<InvalidOperationException>()
            .WithMessage("PairNetwork takes or returns something else than one tensor*");
        FluentActions.Invoking(() => new PostTrainingOptions { Effort = (PostTrainingEffort)7 }.Validate())
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Effort is 7; allowed are Fast, Thorough*");
    }

    private static nn.Module<Tensor, Tensor> Trained(long seed = 5)
    {
        manual_seed(seed);
        var model = Networks.Convolutional(dropout: 0.1);
        using var scope = NewDisposeScope();
        for (var pass = 0; pass < 20; pass++)
        {
            model.call(Networks.Images(16, pass + 1).Input);
        }

        return model;
    }

    /// <summary>A channel of the first convolution is a hundred times as large, which the batch normalisation takes back.</summary>
    private static nn.Module<Tensor, Tensor> WithOutlier()
    {
        var model = Trained();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        model.get_parameter("conv1.weight")!.select(0, 2).mul_(100);
        model.get_parameter("conv1.bias")!.select(0, 2).mul_(100);
        model.get_buffer("bn1.running_mean")!.select(0, 2).mul_(100);
        model.get_buffer("bn1.running_var")!.select(0, 2).mul_(100 * 100);
        return model;
    }

    private static List<Tensor> Data() =>
    [Networks.Images(8, 1).Input, Networks.Images(8, 2).Input, Networks.Images(8, 3).Input];

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, List<Tensor> data, Granularity granularity, int weightBits = 4) =>
        QuantizedModel.Attach(model, data[0], new QuantizationOptions
        {
            Weights = new AffineOptions { Range = RangeSource.Static, Granularity = granularity },
            Activations = new AffineOptions(),
            WeightBits = BitWidthChoice.Fixed(weightBits),
            ActivationBits = BitWidthChoice.Fixed(8),
            FirstLayerBits = weightBits,
            LastLayerBits = weightBits,
        });

    private static double SignalToNoise(QuantizedModel quantized, nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> data)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Trained() gives the same network at every call.
        using var original = Trained();
        original.eval();
        model.eval();
        quantized.IsQuantizing.Should().BeTrue();
        var pairs = data.Select(x => (Float: original.call(x), Now: model.call(x))).ToList();
        return 10 * Math.Log10(pairs.Sum(p => p.Float.to(ScalarType.Float64).square().sum().item<double>())
            / pairs.Sum(p => (p.Now - p.Float).to(ScalarType.Float64).square().sum().item<double>()));
    }

    private static List<bool> Modes(nn.Module model) => model.named_modules().Select(m => m.module.training).ToList();

    private sealed class Relay(Action<PostTrainingProgress> pass) : IProgress<PostTrainingProgress>
    {
        public void Report(PostTrainingProgress value) => pass(value);
    }
}
