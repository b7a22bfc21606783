using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFa;

/// <summary>Which transform a layer gets by default, from when on, and that it keeps it.</summary>
public sealed class AutoTransformTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _input;

    public AutoTransformTests()
    {
        manual_seed(1);
        (_model, _input) = (Networks.Linear(), randn(6, 4));
        Scale("fc1", 0.5);
    }

    [Fact]
    public void Training_from_a_random_start_is_to_the_bit_what_it_is_with_the_papers_tanh()
    {
        static Dictionary<string, byte[]> Trained(WeightTransform transform)
        {
            using var run = new TrainerRun(
                new TrainerOptions { Epochs = 2 },
                scheme: new QuantizationOptions { Weights = new DoReFaOptions { Transform = transform } });
            run.Trainer.Fit(new Batches(12, 4));
            Transforms(run.Quantized!).Should().AllBeEquivalentTo(WeightTransform.Tanh);
            return Bits.OfState(run.Model).Where(t => !t.Key.EndsWith(".transform", StringComparison.Ordinal)).ToDictionary();
        }

        Trained(WeightTransform.Auto).ShouldEqual(Trained(WeightTransform.Tanh));
    }

    [Fact]
    public void Each_layer_gets_what_suits_its_own_weight()
    {
        Scale("fc2", 10);
        using var quantized = Attach();

        Train();

        Transforms(quantized).Should().Equal(WeightTransform.Tanh, WeightTransform.Linear, WeightTransform.Tanh);
    }

    [Fact]
    public void Weights_that_are_loaded_after_attaching_count_and_those_of_before_do_not()
    {
        using var quantized = Attach();
        Evaluate();
        Transforms(quantized).Should().AllBeEquivalentTo((WeightTransform?)null, "an evaluation keeps nothing");

        Scale("fc2", 10);
        Evaluate().Should().Equal(EvaluateWith(WeightTransform.Tanh, WeightTransform.Linear, WeightTransform.Tanh));
        Train();

        Transforms(quantized).Should().Equal(WeightTransform.Tanh, WeightTransform.Linear, WeightTransform.Tanh);
    }

    [Fact]
    public void Training_in_float_before_quantizing_counts_as_what_made_the_weights()
    {
        using var quantized = Attach();
        using (quantized.InFloat())
        {
            Train();
            Scale("fc2", 10);
        }

        Transforms(quantized).Should().AllBeEquivalentTo((WeightTransform?)null);
        Train();

        Transforms(quantized).Should().Equal(WeightTransform.Tanh, WeightTransform.Linear, WeightTransform.Tanh);
    }

    [Fact]
    public void Calibration_finds_it_once()
    {
        Scale("fc2", 10);
        using var quantized = Attach();

        quantized.Calibrate([_input]);

        Transforms(quantized).Should().Equal(WeightTransform.Tanh, WeightTransform.Linear, WeightTransform.Tanh);
        Scale("fc1", 100);
        Scale("fc2", 0.01);
        quantized.Calibrate([_input]);
        Transforms(quantized).Should().Equal(WeightTransform.Tanh, WeightTransform.Linear, WeightTransform.Tanh);
    }

    [Fact]
    public void Training_that_makes_weights_large_does_not_change_it()
    {
        using var quantized = Attach();
        Train();

        Scale("fc2", 100);
        Train();

        Transforms(quantized).Should().AllBeEquivalentTo(WeightTransform.Tanh);
    }

    [Fact]
    public void A_refused_step_takes_back_what_its_forward_found()
    {
        using var quantized = Attach();
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        var loss = _model.call(_input).sum() * double.NaN;

        widths.Invoking(w => w.Step(loss, () => loss)).Should().Throw<NonFiniteLossException>();

        Transforms(quantized).Should().AllBeEquivalentTo((WeightTransform?)null);
    }

    [Fact]
    public void Explicit_choices_stay_and_are_no_part_of_the_state()
    {
        Scale("fc1", 10);
        foreach (var transform in new[] { WeightTransform.Tanh, WeightTransform.Linear })
        {
            using var quantized = Attach(new DoReFaOptions { Transform = transform });
            Train();

            Transforms(quantized).Should().AllBeEquivalentTo(transform);
            _model.state_dict().Keys.Should().NotContain(name => name.EndsWith("transform", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_weight_that_layers_share_is_judged_once_for_both()
    {
        using var model = new TiedNet();
        using var quantized = QuantizedModel.Attach(model, randn(4, 5), new QuantizationOptions());

        model.call(randn(4, 5)).Dispose();

        var (first, second) = (quantized.Layers.Single(l => l.Name == "first"), quantized.Layers.Single(l => l.Name == "second"));
        second.WeightQuantizer.Should().BeSameAs(first.WeightQuantizer);
        Transforms(quantized).Should().NotContainNulls();
        model.state_dict().Keys.Count(name => name.EndsWith("transform", StringComparison.Ordinal)).Should().Be(3, "of four layers");
    }

    [Fact]
    public void A_weight_of_zeros_is_judged_once_it_is_something_else()
    {
        Scale("fc2", 0);
        using var quantized = Attach();

        Train();

        Transforms(quantized)[1].Should().BeNull();
        Near.Numbers(quantized.Layers[1].QuantizedWeight()).Should().OnlyContain(v => v == 0);
        quantized.Layers[1].Attached.LatentWeight.grad!.abs().sum().item<float>().Should().BePositive("it has to leave zero");
        using (no_grad())
        {
            _model.get_parameter("fc2.weight")!.fill_(0.1);
        }

        Train();
        Transforms(quantized)[1].Should().Be(WeightTransform.Tanh);
    }

    [Fact]
    public void A_weight_that_holds_no_number_is_judged_by_the_rest_and_still_shows_it()
    {
        Scale("fc2", 10);
        using (no_grad())
        {
            _model.get_parameter("fc2.weight")!.flatten()[0].fill_(double.NaN);
        }

        using var quantized = Attach();
        Train();

        Transforms(quantized)[1].Should().Be(WeightTransform.Linear);
        quantized.Layers[1].QuantizedWeight().isnan().any().item<bool>().Should().BeTrue();
        quantized.Warnings.Should().Contain(w => w.Subject == "fc2.weight");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void One_bit_has_two_values_whatever_suits(double size)
    {
        Scale("fc2", size);
        using var quantized = Attach(bits: 1);

        Train();

        Near.Numbers(quantized.Layers[1].QuantizedWeight()).Select(Math.Abs).Distinct().Should().ContainSingle();
        Near.Numbers(quantized.Layers[1].QuantizedWeight()).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public void Codes_are_those_of_the_transform_that_was_found()
    {
        var weight = _model.get_parameter("fc2.weight")!;
        using var quantized = Attach(bits: 8);
        Train();
        var quantizer = quantized.Layers[1].WeightQuantizer;

        Scale("fc2", 10);

        using var encoded = quantizer.Encode(weight);
        Bits.Of(encoded.Decode()).Should().Equal(Bits.Of(quantized.Layers[1].QuantizedWeight()));
        Bits.Of(encoded.Decode()).Should().Equal(Bits.Of(Explicit(WeightTransform.Tanh).call(weight)));
    }

    [Fact]
    public void A_quantizer_of_its_own_goes_by_the_weight_it_is_given_until_it_is_calibrated()
    {
        using var quantizer = Make.DoReFa(8);
        var (small, large) = (Make.Random(50, ScalarType.Float32) * 0.1, Make.Random(50, ScalarType.Float32));

        Bits.Of(quantizer.call(small)).Should().Equal(Bits.Of(Explicit(WeightTransform.Tanh).call(small)));
        Bits.Of(quantizer.call(large)).Should().Equal(Bits.Of(Explicit(WeightTransform.Linear).call(large)));
        quantizer.Calibrate(large);

        quantizer.Transform.Should().Be(WeightTransform.Linear);
        Bits.Of(quantizer.call(small)).Should().Equal(Bits.Of(Explicit(WeightTransform.Linear).call(small)));
    }

    [Fact]
    public void The_summary_has_it_for_every_layer()
    {
        Scale("fc2", 10);
        using var quantized = Attach();
        quantized.Summary().Layers.Select(l => l.Weights).Should().Equal("tanh so far", "linear so far", "tanh so far");

        Train();

        quantized.Summary().Layers.Select(l => l.Weights).Should().Equal("tanh", "linear", "tanh");
    }

    [Fact]
    public void A_forward_before_training_and_a_summary_leave_no_tensor_behind()
    {
        using var quantized = Attach();
        Evaluate();

        LiveTensors.LeftBy(() => quantized.Summary().ToString()).Should().Be(0);
        LiveTensors.LeftBy(() => Evaluate()).Should().Be(0);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _model.Dispose();
    }

    private static List<WeightTransform?> Transforms(QuantizedModel quantized) =>
        quantized.Layers.Select(l => ((DoReFaQuantizer)l.WeightQuantizer).Transform).ToList();

    private static DoReFaQuantizer Explicit(WeightTransform transform) => Make.DoReFa(8, new DoReFaOptions { Transform = transform });

    private QuantizedModel Attach(DoReFaOptions? weights = null, int bits = 8)
    {
        var options = new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Fixed(bits),
            ActivationBits = BitWidthChoice.Fixed(8),
            Weights = weights ?? new DoReFaOptions(),
        };
        return QuantizedModel.Attach(_model, _input, options);
    }

    private void Scale(string layer, double factor)
    {
        using var guard = no_grad();
        _model.get_parameter($"{layer}.weight")!.mul_(factor);
    }

    private void Train()
    {
        _model.train();
        _model.call(_input).square().sum().backward();
    }

    private byte[] Evaluate()
    {
        _model.eval();
        using var guard = no_grad();
        using var output = _model.call(_input);
        return Bits.Of(output);
    }

    /// <summary>What the same weights give with these transforms.</summary>
    private byte[] EvaluateWith(params WeightTransform[] transforms)
    {
        using var copy = Networks.Linear();
        copy.load_state_dict(_model.state_dict().Where(t => !t.Key.Contains("quantizer", StringComparison.Ordinal)).ToDictionary());
        var options = transforms.Select(t => new DoReFaOptions { Transform = t }).ToList();
        using var quantized = QuantizedModel.Attach(copy, _input, new QuantizationOptions
        {
            Rules = [.. options.Select((o, i) => LayerRule.Named($"fc{i + 1}").Fixed(8).With(weights: o))],
        });
        copy.eval();
        using var guard = no_grad();
        using var output = copy.call(_input);
        return Bits.Of(output);
    }
}
