using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Quantizers that a user writes work as the library's own do.</summary>
public sealed class OwnQuantizerTests
{
    [Fact]
    public void Their_parameters_are_found_trained_and_moved()
    {
        using var model = Networks.Linear();
        var (input, target) = Networks.Rows(16);
        var scheme = new RoundingScheme();
        using var quantized = QuantizedModel.Attach(model, input, scheme);
        model.state_dict().Keys.Should().Contain("fc2.activation_quantizer.scale");
        using var optimizer = optim.SGD(quantized.Parameters(), 0.1);

        using var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();
        optimizer.step();

        scheme.Made["fc2"].Scale.item<float>().Should().NotBe(1);
        quantized.QuantizerParameters().Should().HaveCount(3);
        model.to(ScalarType.Float64);
        quantized.QuantizerParameters().Should().OnlyContain(p => p.dtype == ScalarType.Float64);
    }

    [Fact]
    public void One_with_two_properties_of_a_name_is_refused_since_no_model_that_holds_it_could_be_moved()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        var before = model.state_dict().Keys.ToList();

        FluentActions.Invoking(() => QuantizedModel.Attach(model, input, new RoundingScheme(new HidingOptions())))
            .Should().Throw<ArgumentException>()
            .WithMessage("The quantizer HidingQuantizer has two public properties 'Options'*");

        model.state_dict().Keys.Should().Equal(before);
        var hiding = new HidingQuantizer(BitWidth.Fixed("a", 4));
        FluentActions.Invoking(() => hiding.to(ScalarType.Float64)).Should().Throw<Exception>("TorchSharp collects properties by name");
    }

    [Fact]
    public void Calibration_gets_the_first_batch_and_no_other()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        var scheme = new RoundingScheme();
        using var quantized = QuantizedModel.Attach(model, input, scheme);

        for (var i = 0; i < 3; i++)
        {
            model.call(input).Dispose();
        }

        scheme.Made.Values.Should().OnlyContain(q => q.Calibrations == 1 && q.Calls == 3 && !q.WasCalibratedWithGradient);
    }

    [Fact]
    public void Calibration_of_a_weight_gets_the_weight_once()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        var options = new StartingWeightsOptions();
        using var quantized = QuantizedModel.Attach(model, input, new RoundingScheme(options));

        for (var i = 0; i < 3; i++)
        {
            model.call(input).Dispose();
        }

        options.Weights.Should().NotBeEmpty()
            .And.OnlyContain(q => q.Calibrations == 1 && q.Calls == 3 && !q.WasCalibratedWithGradient);
    }

    [Fact]
    public void Their_widths_are_probed()
    {
        using var model = Networks.Linear();
        var (input, target) = Networks.Rows(16);
        using var quantized = QuantizedModel.Attach(model, input, new RoundingScheme());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        using var loss = nn.functional.cross_entropy(model.call(input), target);

        var step = widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target));

        step.Probes.Should().HaveCount(2).And.OnlyContain(p => p.NeighbourLoss != step.Loss);
    }

    [Fact]
    public void One_that_returns_what_it_was_given_costs_nobody_a_tensor()
    {
        using var model = Networks.Linear();
        var (input, target) = Networks.Rows(16);
        using var expected = model.call(input);
        using var quantized = QuantizedModel.Attach(model, input, new IdentityScheme());

        using var output = model.call(input);
        using var loss = nn.functional.cross_entropy(output, target);
        loss.backward();

        Bits.Of(output).Should().Equal(Bits.Of(expected));
        input.IsInvalid.Should().BeFalse();
        model.parameters().Should().OnlyContain(p => !p.IsInvalid && !ReferenceEquals(p.grad, null));
        quantized.Layers[0].QuantizedWeight().Dispose();
        model.get_parameter("fc1.weight")!.IsInvalid.Should().BeFalse();
    }

    private sealed record StartingWeightsOptions : RoundingOptions
    {
        internal List<RoundingActivations> Weights { get; } = [];

        protected internal override Quantizer Create(QuantizerRequest request)
        {
            if (request.Target == QuantizerTarget.Activation)
            {
                return base.Create(request);
            }

            Weights.Add(new RoundingActivations(request.Width, isSigned: true));
            return Weights[^1];
        }
    }

    private sealed class HidingQuantizer : Quantizer
    {
        public HidingQuantizer(BitWidth width)
            : base(width) => RegisterComponents();

        public new string Options { get; } = "hidden";

        public override Tensor forward(Tensor input) => input;

        public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();
    }

    private sealed record HidingOptions : RoundingOptions
    {
        protected internal override Quantizer Create(QuantizerRequest request) => new HidingQuantizer(request.Width);
    }
}
