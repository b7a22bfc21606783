using System.Text.Json;
using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Tests.Evaluating;

public sealed class ModelEvaluationTests : IDisposable
{
    private static readonly EvaluationOptions Untimed = new() { Timing = null };

    private readonly nn.Module<Tensor, Tensor> _model = Networks.Convolutional();
    private readonly QuantizedModel _quantized;
    private readonly Batches _data = new(samples: 10, size: 4);

    public ModelEvaluationTests()
    {
        using var example = Networks.Images(1).Input;
        _quantized = QuantizedModel.Attach(
            _model, example, new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(3), ActivationBits = BitWidthChoice.Fixed(5) });
        _quantized.Calibrate(_data, 2);
    }

    [Fact]
    public void Quality_is_that_of_the_trainer_in_float_and_quantized()
    {
        using var optimizer = optim.SGD(_quantized.Parameters(), 0.1);
        var trainer = new AdaQatTrainer(_quantized, optimizer, (output, target) => nn.functional.cross_entropy(output, target));

        var report = ModelEvaluation.Run(_quantized, _data, Untimed);

        report.Quantized.Quality.Should().Be(trainer.Evaluate(_data));
        using (_quantized.InFloat())
        {
            report.InFloat.Quality.Should().Be(trainer.Evaluate(_data));
        }

        report.InFloat.Quality.Loss.Should().NotBe(report.Quantized.Quality.Loss);
        report.AccuracyChange.Should().Be(report.Quantized.Quality.Accuracy - report.InFloat.Quality.Accuracy);
    }

    [Fact]
    public void The_float_network_is_as_it_was_measured_before_where_that_is_given()
    {
        var before = new AdaQat.Training.Evaluation(0.25, 0.75, 10);
        var networks = new HashSet<string>();

        var report = ModelEvaluation.Run(_quantized, _data, Untimed with { FloatQuality = before }, new Told(p => networks.Add(p.Network)));

        report.InFloat.Quality.Should().Be(before);
        report.AccuracyChange.Should().Be(report.Quantized.Quality.Accuracy - 0.75);
        networks.Should().Equal("quantized");
    }

    [Fact]
    public void Sizes_and_operations_are_those_of_the_summary()
    {
        var report = ModelEvaluation.Run(_quantized, _data, Untimed);

        var summary = _quantized.Summary();
        report.Quantized.Should().BeEquivalentTo(new
        {
            summary.WeightBytes,
            summary.Macs,
            summary.BitOps,
            summary.PeakActivationBytes,
        });
        report.InFloat.WeightBytes.Should().Be(summary.FloatWeightBytes);
        report.InFloat.BitOps.Should().Be(summary.Macs * 32.0 * 32.0);
        report.InFloat.PeakActivationBytes.Should().Be(summary.FloatPeakActivationBytes);
        report.Compression.Should().Be(summary.WeightCompression);
    }

    [Fact]
    public void Costs_that_are_asked_for_are_told_at_the_bits_in_force_and_at_32()
    {
        var report = ModelEvaluation.Run(
            _quantized, _data, Untimed with { Costs = [new WeightBitsCost()] });

        report.Quantized.Costs.Single().Total.Should().Be(_quantized.Cost(new WeightBitsCost()));
        report.InFloat.Costs.Single().Total.Should().Be(_quantized.Layers.Sum(l => l.Profile.WeightCount) * 32.0);
        report.ToString().Should().Contain(new WeightBitsCost().Name);
    }

    [Fact]
    public void Inferences_are_of_one_sample_and_alternate_between_float_and_quantized()
    {
        var seen = new List<(long Samples, bool Quantizes)>();
        var batches = 0;
        _model.register_forward_hook((_, input, output) =>
        {
            seen.Add((input.shape[0], _quantized.IsQuantizing));
            return output;
        });

        var report = ModelEvaluation.Run(
            _quantized, _data, new EvaluationOptions { Timing = new() { WarmUps = 1, Inferences = 2 } }, new Told(_ => batches++));

        batches.Should().Be(6);
        seen.Skip(6).Should().Equal((1, false), (1, true), (1, false), (1, true), (1, false), (1, true));
        report.InFloat.Timing!.First.Count.Should().Be(2);
        report.Quantized.Timing!.First.Count.Should().Be(2);
        report.ToString().Should().Contain("inference, median").And.Contain("simulated");
    }

    [Fact]
    public void Any_model_is_evaluated_by_a_function_of_a_batch()
    {
        var report = ModelEvaluation.Run(
            _quantized,
            _data,
            batch => new BatchResult(nn.functional.mse_loss(_model.call(batch.Input).mean(), zeros(1)), batch.Size),
            options: Untimed);

        report.Quantized.Quality.Accuracy.Should().BeNull();
        report.AccuracyChange.Should().BeNull();
        report.Quantized.Timing.Should().BeNull();
        report.ToString().Should().NotContain("accuracy").And.Contain("loss");
    }

    [Fact]
    public void The_report_reads_back_from_its_JSON()
    {
        var report = ModelEvaluation.Run(_quantized, _data, new EvaluationOptions { Timing = new() { WarmUps = 0, Inferences = 1 } });

        using var document = JsonDocument.Parse(report.ToJson());

        var root = document.RootElement;
        root.GetProperty("quantized").GetProperty("quality").GetProperty("loss").GetDouble().Should().Be(report.Quantized.Quality.Loss);
        root.GetProperty("inFloat").GetProperty("bitOps").GetDouble().Should().Be(report.InFloat.BitOps);
        root.GetProperty("compression").GetDouble().Should().Be(report.Compression);
        TimeSpan.Parse(
            root.GetProperty("quantized").GetProperty("timing").GetProperty("first").GetProperty("median").GetString()!,
            System.Globalization.CultureInfo.InvariantCulture).Should().Be(report.Quantized.Timing!.First.Median);
    }

    [Fact]
    public void Modes_are_as_before_and_no_tensor_is_left()
    {
        _model.train();

        var left = LiveTensors.LeftBy(
            () => ModelEvaluation.Run(_quantized, _data, new EvaluationOptions { Timing = new() { Inferences = 3 } }));

        left.Should().Be(0);
        _model.training.Should().BeTrue();
        _quantized.IsQuantizing.Should().BeTrue();
    }

    [Fact]
    public void No_sample_a_baked_model_and_a_bad_option_are_refused_by_name()
    {
        Run(new Batches(0, 4), Untimed).Should().Throw<ArgumentException>().WithMessage("*has no sample*");
        Run(_data, new EvaluationOptions { Timing = new() { Inferences = 0 } })
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Inferences*");
        Run(_data, Untimed with { Costs = [null!] })
            .Should().Throw<ArgumentException>().WithMessage("*Costs*");
        _quantized.Bake();
        Run(_data, Untimed).Should().Throw<InvalidOperationException>().WithMessage("*before Bake()*");
        _quantized.Detach();
        Run(_data, Untimed).Should().Throw<InvalidOperationException>().WithMessage("*detached*");

        Action Run(Batches data, EvaluationOptions options) => () => ModelEvaluation.Run(_quantized, data, options);
    }

    [Fact]
    public void A_cancelled_evaluation_ends_between_two_batches()
    {
        using var source = new CancellationTokenSource();
        var batches = 0;
        var run = () => ModelEvaluation.Run(
            _quantized, _data, Untimed, new Told(_ =>
            {
                batches++;
                source.Cancel();
            }), source.Token);

        run.Should().Throw<OperationCanceledException>();
        batches.Should().Be(1);
        _quantized.IsQuantizing.Should().BeTrue();
    }

    public void Dispose()
    {
        _quantized.Dispose();
        _model.Dispose();
    }

    private sealed class Told(Action<EvaluationProgress> action) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => action(value);
    }
}
