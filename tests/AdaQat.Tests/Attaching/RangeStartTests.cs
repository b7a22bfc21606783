using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>From which forwards activation ranges start, and from which not.</summary>
public sealed class RangeStartTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Linear();
    private readonly Tensor _good = Make.Tensor([.. Enumerable.Range(1, 8).Select(i => (double)i)], ScalarType.Float32, 2, 4);
    private readonly QuantizedModel _quantized;

    public RangeStartTests() => _quantized = QuantizedModel.Attach(_model, _good, new QuantizationOptions());

    public static TheoryData<double> NoNumbers => [double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private double FirstAlpha => Alpha(_quantized, 0);

    public void Dispose()
    {
        _quantized.Dispose();
        _model.Dispose();
        _good.Dispose();
    }

    [Theory]
    [MemberData(nameof(NoNumbers))]
    public void Ranges_come_from_finite_elements(double bad)
    {
        using var input = Make.Tensor([50, 100, bad, 7, 1, 2, 3, 4], ScalarType.Float32, 2, 4);

        _model.call(input).Dispose();

        FirstAlpha.Should().Be(100);
        using var again = _model.call(_good);
        again.isfinite().all().item<bool>().Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(NoNumbers))]
    public void A_batch_without_a_finite_element_teaches_nothing(double bad)
    {
        using var input = full([2, 4], bad);

        _model.call(input).Dispose();

        FirstAlpha.Should().Be(double.NaN);
        _model.call(_good).Dispose();
        FirstAlpha.Should().Be(8);
    }

    [Fact]
    public void Calibration_takes_what_is_finite_and_says_what_it_left_out()
    {
        using var spoilt = Make.Tensor([50, 100, double.NaN, 7, double.PositiveInfinity, 2, 3, 4], ScalarType.Float32, 2, 4);

        _quantized.Calibrate([_good, spoilt]);

        FirstAlpha.Should().Be(100);
        _quantized.Warnings.Should().HaveCount(3, "what a layer makes of NaN is NaN");
        _quantized.Warnings[0].Should().Be(new QuantizationWarning(
            "fc1", "Calibration left out 2 elements of the input of layer 'fc1' that are NaN or infinite."));
    }

    [Fact]
    public void Calibration_says_which_inputs_taught_nothing()
    {
        using var zero = zeros(2, 4);

        _quantized.Calibrate([zero]);

        FirstAlpha.Should().Be(double.NaN);
        _quantized.Warnings.Should().ContainSingle().Which.Should().Be(new QuantizationWarning(
            "fc1", "Calibration found no data for the input of layer 'fc1': every element is zero, NaN or infinite."));
    }

    [Fact]
    public void Zeros_teach_nothing_and_come_out_as_zeros()
    {
        using var input = zeros(2, 4);

        _model.call(input).Dispose();

        FirstAlpha.Should().Be(double.NaN);
        _model.call(_good).Dispose();
        FirstAlpha.Should().Be(8);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_evaluation_before_training_uses_the_range_of_its_batch_and_keeps_nothing(bool inEvalMode)
    {
        _model.train(!inEvalMode);
        using var noGradient = set_grad_enabled(inEvalMode);
        using var small = _good / 1000;

        using var first = _model.call(small);
        using var second = _model.call(small);

        Bits.Of(second).Should().Equal(Bits.Of(first));
        Enumerable.Range(0, 3).Should().OnlyContain(i => double.IsNaN(Alpha(_quantized, i)));
        _quantized.Layers.Should().OnlyContain(l => !l.ActivationQuantizer.IsCalibrated);

        // What it computes is what a quantizer that started from this very batch computes.
        _model.train();
        using var gradient = set_grad_enabled(true);
        using var training = _model.call(small);
        Bits.Of(training).Should().Equal(Bits.Of(first));
        FirstAlpha.Should().Be((float)(8.0 / 1000));
    }

    [Fact]
    public void In_eval_mode_gradients_pass_through_a_range_that_is_not_kept()
    {
        _model.eval();
        using var input = _good.clone().requires_grad_();

        using var loss = _model.call(input).sum();
        loss.backward();

        input.grad!.isfinite().all().item<bool>().Should().BeTrue();
        input.grad.abs().sum().item<float>().Should().BePositive();
        FirstAlpha.Should().Be(double.NaN);
    }

    [Fact]
    public void A_quantizer_that_says_from_elsewhere_that_it_has_a_range_is_refused_by_name()
    {
        _quantized.Detach();
        var own = new ForgetfulOptions();
        using var quantized = QuantizedModel.Attach(_model, _good, new QuantizationScheme(own, own));
        using var noGradient = no_grad();

        _model.Invoking(m => m.call(_good)).Should().Throw<InvalidOperationException>()
            .WithMessage("ForgetfulQuantizer.IsCalibrated is true after its parameters and buffers were put back*");
    }

    [Fact]
    public void A_range_that_is_loaded_as_no_number_starts_anew()
    {
        var saved = _model.state_dict().ToDictionary(t => t.Key, t => t.Value.clone());
        _model.call(_good).Dispose();
        _model.call(_good).Dispose();
        FirstAlpha.Should().Be(8);

        _model.load_state_dict(saved);
        FirstAlpha.Should().Be(double.NaN);
        using var twice = _good * 2;
        using var output = _model.call(twice);

        FirstAlpha.Should().Be(16);
        output.isfinite().all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void No_rows_pass_through_and_teach_nothing()
    {
        using var none = zeros(0, 4);

        using var output = _model.call(none);

        output.shape.Should().Equal(0, 3);
        FirstAlpha.Should().Be(double.NaN);
        output.sum().backward();
    }

    [Fact]
    public void A_step_with_an_input_that_is_no_number_is_refused_with_the_input_named_and_nothing_has_changed()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 1 });
        var before = Bits.OfState(run.Model);
        var random = Bits.OfRandomState();

        run.Trainer.Invoking(t => t.Fit(new Spoilt(new Batches(8, 4)))).Should().Throw<NonFiniteLossException>()
            .WithMessage("The training loss is NaN in step 1: the step is refused, nothing has changed. "
                + "The batch's Input holds 1 elements of * that are NaN or infinite.");

        Bits.OfState(run.Model).ShouldEqual(before);
        Bits.OfRandomState().Should().Equal(random);
        run.Trainer.Fit(new Batches(8, 4)).Completed.Should().BeTrue();
    }

    [Fact]
    public void A_step_of_the_widths_that_is_refused_takes_the_ranges_back_that_its_forward_started()
    {
        var widths = new BitWidthOptimizer(_quantized, Schedules.Exact);
        using var loss = _model.call(_good).sum() * double.NaN;

        widths.Invoking(w => w.Step(loss, () => loss)).Should().Throw<NonFiniteLossException>();

        FirstAlpha.Should().Be(double.NaN);
        using var twice = _good * 2;
        _model.call(twice).Dispose();
        FirstAlpha.Should().Be(16);
    }

    [Fact]
    public void Ranges_that_an_earlier_forward_started_stay_when_a_later_step_is_refused()
    {
        var widths = new BitWidthOptimizer(_quantized, Schedules.Exact);
        _model.call(_good).Dispose();
        using var loss = _model.call(_good).sum() * double.NaN;

        widths.Invoking(w => w.Step(loss, () => loss)).Should().Throw<NonFiniteLossException>();

        FirstAlpha.Should().Be(8);
    }

    [Fact]
    public void An_input_that_turns_negative_later_is_told_of_once_with_the_share_that_is_cut()
    {
        var told = new List<QuantizationWarning>();
        _quantized.Warning += (_, warning) => told.Add(warning);
        using var mixed = Make.Tensor([-1, 2, -3, 4, 5, 6, 7, 8], ScalarType.Float32, 2, 4);
        _model.call(_good).Dispose();

        for (var i = 0; i < 60; i++)
        {
            _model.call(mixed).Dispose();
        }

        told.Should().ContainSingle().Which.Should().Match<QuantizationWarning>(
            w => w.Subject == "fc1" && w.Message.StartsWith("The input of layer 'fc1' is negative in 25.0 % of its elements"));
    }

    [Theory]
    [InlineData(true, -8.0)]
    [InlineData(false, 0.0)]
    public void Whether_a_range_is_signed_can_be_said(bool isSigned, double smallest)
    {
        _quantized.Detach();
        var options = new QuantizationOptions { Activations = new PactOptions { IsSigned = isSigned } };
        using var quantized = QuantizedModel.Attach(_model, _good, options);
        using var mixed = Make.Tensor([-8, 2, -3, 4, 5, 6, 7, 8], ScalarType.Float32, 2, 4);

        _model.call(mixed).Dispose();

        var quantizer = (PactQuantizer)quantized.Layers[0].ActivationQuantizer;
        quantizer.IsSigned.Should().Be(isSigned);
        using var output = quantizer.call(mixed);
        output.min().item<float>().Should().BeApproximately((float)smallest, 1e-5f);
    }

    private static double Alpha(QuantizedModel quantized, int layer) =>
        ((PactQuantizer)quantized.Layers[layer].ActivationQuantizer).ClippingValue.item<float>();

    private sealed record ForgetfulOptions : QuantizerOptions
    {
        public override void Validate()
        {
        }

        protected internal override Quantizer Create(QuantizerRequest request) => new ForgetfulQuantizer(request.Width);
    }

    /// <summary>Notes in a field, not in its state, that it was calibrated.</summary>
    private sealed class ForgetfulQuantizer(BitWidth width) : Quantizer(width)
    {
        private bool _isCalibrated;

        public override bool IsCalibrated => _isCalibrated;

        public override void Calibrate(Tensor input) => _isCalibrated = true;

        public override Tensor forward(Tensor input) => input.alias();

        public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();
    }

    /// <summary>The first number of each batch is none.</summary>
    private sealed class Spoilt(IBatchSource<Batch> source) : IBatchSource<Batch>
    {
        public int BatchesPerEpoch => source.BatchesPerEpoch;

        public IEnumerable<Batch> Epoch(int epoch, int skip) => source.Epoch(epoch, skip).Select(batch =>
        {
            batch.Input.view(-1)[0] = float.NaN;
            return batch;
        });
    }
}
