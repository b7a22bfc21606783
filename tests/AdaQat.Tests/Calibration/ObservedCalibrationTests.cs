using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Calibration;

/// <summary>Ranges that observers choose from several batches.</summary>
public sealed class ObservedCalibrationTests
{
    private static readonly CalibrationOptions MinMax = new() { Observer = new MinMaxObserverOptions() };

    public static TheoryData<string> Activations => ["pact", "affine", "affine by channel", "fixed point", "lsq", "power of two", "apot"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Every_family_of_inputs_gets_the_range_that_the_observer_chose(string family)
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(6);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(Family(family)));

        var report = quantized.Calibrate([input, input * 2], MinMax);

        report.Batches.Should().Be(2);
        report.Ranges.Select(r => r.Layer).Should().Equal("conv1", "conv2", "fc");
        var first = report.Ranges[0];
        first.Count.Should().Be(2 * input.numel());
        (first.Observer, first.NonFinite, first.ClippedShare).Should().Be(("min–max", 0, 0));
        first.Maximum.Should().BeApproximately(input.max().item<float>() * 2, 1e-5);
        quantized.Layers.Should().OnlyContain(l => l.ActivationQuantizer.IsCalibrated);
        foreach (var (range, layer) in report.Ranges.Zip(quantized.Layers))
        {
            var before = Bits.OfState(layer.ActivationQuantizer);
            layer.ActivationQuantizer.SetRanges(range.Ranges);
            Bits.OfState(layer.ActivationQuantizer).ShouldEqual(before);
        }

        model.call(input).isfinite().all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void Weights_at_four_bits_by_channel_lose_less_with_the_range_of_least_error()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        var options = new QuantizationOptions
        {
            Weights = new AffineOptions { Range = RangeSource.Static, Granularity = Granularity.PerChannel() },
            WeightBits = BitWidthChoice.Fixed(4),
            FirstLayerBits = 4,
            LastLayerBits = 4,
        };
        using var quantized = QuantizedModel.Attach(model, input, options);

        var widest = quantized.Calibrate([input], MinMax with { WeightObserver = new MinMaxObserverOptions() });
        var before = WeightErrors(quantized);
        var report = quantized.Calibrate([input], MinMax with { WeightObserver = new MeanSquaredErrorObserverOptions() });

        WeightErrors(quantized).Zip(before).Should().OnlyContain(e => e.First < e.Second);
        widest.Ranges.Where(r => r.Target == QuantizerTarget.Weight).Should().OnlyContain(r => r.ClippedShare == 0);
        report.Ranges.Where(r => r.Target == QuantizerTarget.Weight).Select(r => (r.Layer, r.Ranges.Count, r.Observer)).Should().Equal(
            ("conv1", 6, "mean squared error"), ("conv2", 8, "mean squared error"), ("fc", 10, "mean squared error"));
        report.ToString().Should().Contain("6 within [").And.Contain("mean squared error");
    }

    [Fact]
    public void Without_an_observer_ranges_are_those_of_the_plain_call_to_the_bit()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        quantized.Calibrate([input, input * 3]);
        var expected = Bits.OfState(model);
        quantized.Calibrate([input]);

        var report = quantized.Calibrate([input, input * 3], new CalibrationOptions());

        Bits.OfState(model).ShouldEqual(expected);
        report.Ranges.Should().OnlyContain(r => r.Observer == "quantizer" && r.Ranges.Count == 1);
        report.Ranges[1].ClippedShare.Should().BeInRange(0, 0.002);
    }

    [Fact]
    public void Only_quantizers_change_and_no_tensor_is_left()
    {
        manual_seed(4);
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(6);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        var options = new CalibrationOptions { Observer = new MeanSquaredErrorObserverOptions() };
        quantized.Calibrate([input], options);
        var (state, random) = (OfModel(model), Bits.OfRandomState());

        LiveTensors.LeftBy(() => quantized.Calibrate([input, input], options)).Should().Be(0);

        OfModel(model).ShouldEqual(state);
        Bits.OfRandomState().Should().Equal(random);
        model.training.Should().BeTrue();
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "none", "*at least one is needed*" },
        { "empty", "Batch 1 (counted from 0) is empty, of shape [0, 3, 8, 8]*" },
        { "NaN", "Batch 1 (counted from 0) holds NaN or infinity in 1 of its 4 elements, first in element 2*" },
        { "shape", "The model cannot take batch 1 (counted from 0), of shape [4, 2, 8, 8]*" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Bad_data_are_named_and_nothing_changes(string fault, string message)
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(new AffineOptions()));
        var state = Bits.OfState(model);
        var bad = input.clone();
        bad[2, 0, 1, 1] = float.NaN;
        Tensor[] batches = fault switch
        {
            "none" => [],
            "empty" => [input, input.narrow(0, 0, 0)],
            "NaN" => [input, bad],
            _ => [input, input.narrow(1, 0, 2)],
        };

        quantized.Invoking(q => q.Calibrate(batches, MinMax)).Should().Throw<ArgumentException>().WithMessage(message);

        Bits.OfState(model).ShouldEqual(state);
        quantized.Layers.Should().OnlyContain(l => !l.ActivationQuantizer.IsCalibrated);
        model.training.Should().BeTrue();
        quantized.Calibrate([input], MinMax);
    }

    [Fact]
    public void Cancelling_leaves_everything_as_it_was_and_progress_is_told()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(new AffineOptions()));
        quantized.Calibrate([input * 5], MinMax);
        var state = Bits.OfState(model);
        using var cancellation = new CancellationTokenSource();
        var told = new List<CalibrationProgress>();
        var progress = new Telling(p =>
        {
            told.Add(p);
            if (p.Batches == 2)
            {
                cancellation.Cancel();
            }
        });

        quantized.Invoking(q => q.Calibrate([input, input, input], MinMax, progress, cancellation.Token))
            .Should().Throw<OperationCanceledException>();

        told.Should().Equal(new CalibrationProgress(1, 3), new CalibrationProgress(2, 3));
        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void An_observer_that_fails_leaves_everything_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(new AffineOptions()));
        quantized.Calibrate([input * 5], MinMax);
        var state = Bits.OfState(model);

        var failing = new CalibrationOptions { Observer = new Third(_ => new ValueRange(double.NaN, 1)) };
        quantized.Invoking(q => q.Calibrate([input], failing)).Should().Throw<InvalidOperationException>()
            .WithMessage("The observer 'third' chose a range for layer 'conv1' that cannot be*");

        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void A_users_own_observer_is_on_a_par()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(8);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(new AffineOptions()));
        var options = new CalibrationOptions { Observer = new Third(_ => new ValueRange(-0.5, 0.25)) };

        var report = quantized.Calibrate([input], options);

        report.Ranges[0].Ranges.Should().Equal(new ValueRange(-0.5, 0.25));
        report.Ranges[0].Observer.Should().Be("third");
        var outside = input.lt(-0.5).logical_or(input.gt(0.25)).to(ScalarType.Float64).mean().item<double>();
        report.Ranges[0].ClippedShare.Should().BeApproximately(outside, 0.05);
    }

    [Fact]
    public void Elements_of_inputs_that_are_not_finite_are_counted_left_out_and_told()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (nn.Linear(4, 4), nn.Linear(4, 4));
        using var model = new Lambda(x => second.call(1 / first.call(x).relu()), ("first", first), ("second", second));
        var (input, _) = Networks.Rows(8);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(new AffineOptions()));

        var report = quantized.Calibrate([input], MinMax);

        var seen = report.Ranges[1];
        seen.NonFinite.Should().BeGreaterThan(0);
        seen.Count.Should().Be(32);
        double.IsFinite(seen.Maximum).Should().BeTrue();
        quantized.Warnings.Should().Contain(w => w.Message.Contains("NaN or infinite", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dead_channel_gets_the_range_of_the_others()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("fc", nn.Linear(4, 3)));
        var (input, _) = Networks.Rows(8);
        input[TensorIndex.Colon, 1] = 0;
        using var quantized = QuantizedModel.Attach(
            model, input, Scheme(new AffineOptions { Granularity = Granularity.PerChannel(axis: 1) }));

        var ranges = quantized.Calibrate([input], MinMax).Ranges.Single().Ranges;

        ranges[1].Should().Be(new ValueRange(ranges.Min(r => r.Low), ranges.Max(r => r.High)));
    }

    [Fact]
    public void Models_of_several_inputs_are_called_by_the_caller()
    {
        using var scope = NewDisposeScope();
        using var model = new PairNetwork();
        var (left, right) = PairNetwork.Example();
        using var quantized = QuantizedModel.Attach(model, left, right, Scheme(new AffineOptions()));

        var report = quantized.Calibrate([() => model.call(left, right), () => model.call(right, left)], MinMax, default);

        report.Batches.Should().Be(2);
        report.Ranges.Should().OnlyContain(r => r.Ranges.Count == 1);
    }

    [Fact]
    public void An_observer_with_nothing_to_choose_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(8);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(new AffineOptions { Range = RangeSource.Dynamic }));

        quantized.Invoking(q => q.Calibrate([input], MinMax)).Should().Throw<InvalidOperationException>()
            .WithMessage("No quantizer of the model's inputs takes a range*'min–max'*AffineQuantizer*");
        quantized.Invoking(q => q.Calibrate([input], new CalibrationOptions { WeightObserver = new MinMaxObserverOptions() }))
            .Should().Throw<InvalidOperationException>().WithMessage("No quantizer of the model's weights takes a range*DoReFaQuantizer*");
        var impossible = new CalibrationOptions { Observer = new PercentileObserverOptions { Percentile = 2 } };
        quantized.Invoking(q => q.Calibrate([input], impossible)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Percentile is 2*");
    }

    private static QuantizationOptions Scheme(QuantizerOptions activations) => new()
    {
        Activations = activations,
        WeightBits = BitWidthChoice.Fixed(4),
        ActivationBits = BitWidthChoice.Fixed(4),
    };

    private static QuantizerOptions Family(string name) => name switch
    {
        "pact" => new PactOptions(),
        "affine" => new AffineOptions(),
        "affine by channel" => new AffineOptions { Granularity = Granularity.PerChannel(axis: 1), IsSymmetric = true },
        "fixed point" => new FixedPointOptions(),
        "lsq" => new LsqOptions(),
        "power of two" => new PowerOfTwoOptions(),
        _ => new AdditivePowerOfTwoOptions(),
    };

    private static List<double> WeightErrors(QuantizedModel quantized) => quantized.Layers.Select(l =>
    {
        using var scope = NewDisposeScope();
        var weight = ((dynamic)l.Attached.Module).weight as Tensor;
        return (l.QuantizedWeight() - weight!.detach()).square().mean().item<float>();
    }).Select(e => (double)e).ToList();

    private static Dictionary<string, byte[]> OfModel(nn.Module model) =>
        Bits.OfState(model).Where(e => !e.Key.Contains("quantizer", StringComparison.Ordinal)).ToDictionary();

    private sealed class Telling(Action<CalibrationProgress> tell) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value) => tell(value);
    }

    /// <summary>An observer of a user's own.</summary>
    private sealed record Third(Func<int, ValueRange> Choose) : ObserverOptions
    {
        public override string Name => "third";

        public override void Validate()
        {
        }

        protected internal override Observer Create(ObserverRequest request) => new ThirdObserver(Choose);

        private sealed class ThirdObserver(Func<int, ValueRange> choose) : Observer
        {
            private int _seen;

            public override void Observe(ReadOnlySpan<float> values) => _seen += values.Length;

            public override ValueRange Range() => choose(_seen);
        }
    }
}
