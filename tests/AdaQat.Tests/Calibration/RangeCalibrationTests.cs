using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Calibration;

/// <summary>Ranges that start from several batches, before training.</summary>
public sealed class RangeCalibrationTests
{
    private static readonly QuantizationOptions Coarse = new()
    {
        WeightBits = BitWidthChoice.Fixed(2),
        ActivationBits = BitWidthChoice.Fixed(2),
        FirstLayerBits = 2,
        LastLayerBits = 2,
        Activations = new PactOptions { Percentile = 1 },
    };

    [Fact]
    public void Every_range_covers_what_the_network_in_float_feeds_its_layer_over_all_batches()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var model = Networks.Linear();
        var batches = new[] { Networks.Rows(8, 1).Input, Networks.Rows(8, 2).Input * 3, Networks.Rows(8, 3).Input };
        var expected = InputsInFloat(model, batches);
        using var quantized = QuantizedModel.Attach(model, batches[0], Coarse);

        quantized.Calibrate(batches);

        Ranges(quantized).Should().Equal(expected);
    }

    [Fact]
    public void Nothing_but_quantizers_changes_and_nothing_is_left_over()
    {
        manual_seed(4);
        using var model = Networks.Convolutional();
        var (input, target) = Networks.Images(6);
        using var quantized = QuantizedModel.Attach(model, input, Coarse);
        using (var loss = nn.functional.cross_entropy(model.call(input), target))
        {
            loss.backward();
        }

        model.named_children().Single(c => c.name == "drop").module.eval();
        // The first forward keeps what was before it until the next begins.
        quantized.Calibrate([input]);
        var (state, gradients, random) = (OfModel(model), Bits.OfGradients(model), Bits.OfRandomState());

        LiveTensors.LeftBy(() => quantized.Calibrate([input, input])).Should().Be(0);

        OfModel(model).ShouldEqual(state);
        Bits.OfGradients(model).ShouldEqual(gradients);
        Bits.OfRandomState().Should().Equal(random);
        model.training.Should().BeTrue();
        model.named_modules().Where(m => !m.module.training).Select(m => m.name).Should().Equal("drop");
    }

    [Fact]
    public void Quantizers_of_a_users_own_get_one_batch_and_are_not_asked_again_by_the_first_forward()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        var scheme = new RoundingScheme();
        using var quantized = QuantizedModel.Attach(model, input, scheme);

        quantized.Calibrate([input, input, input]);

        scheme.Made.Values.Should().OnlyContain(q => q.Calibrations == 1 && q.Calls == 0);
        model.call(input);
        scheme.Made.Values.Should().OnlyContain(q => q.Calibrations == 1 && q.Calls == 1);
    }

    [Fact]
    public void The_first_batches_of_a_source_do_as_well_and_are_disposed()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(2);
        using var quantized = QuantizedModel.Attach(model, input, Coarse);
        var source = new Batches(12, 4);
        using var twoBatches = Networks.Images(12, 100).Input.narrow(0, 0, 8).clone();
        quantized.Calibrate([twoBatches]);
        var expected = Ranges(quantized);

        LiveTensors.LeftBy(() => quantized.Calibrate(source, 2)).Should().Be(0);

        Ranges(quantized).Should().Equal(expected);
        source.Asked.Should().Equal((0, 0));
    }

    [Fact]
    public void A_second_time_starts_the_ranges_anew()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        using var quantized = QuantizedModel.Attach(model, input, Coarse);
        quantized.Calibrate([input * 10]);
        var wide = Ranges(quantized);

        quantized.Calibrate([input]);

        Ranges(quantized)[0].Should().BeApproximately(wide[0] / 10, 1e-5);
    }

    [Fact]
    public void An_input_that_several_layers_read_counts_once()
    {
        using var scope = NewDisposeScope();
        var (left, right) = (nn.Linear(4, 3), nn.Linear(4, 3));
        using var model = new Lambda(x => left.call(x) + right.call(x), ("left", left), ("right", right));
        var (input, _) = Networks.Rows(5);
        var scheme = new RoundingScheme();
        using var quantized = QuantizedModel.Attach(model, input, scheme);

        quantized.Calibrate([input]);

        scheme.Made.Should().ContainSingle().Which.Value.Calibrations.Should().Be(1);
    }

    [Fact]
    public void A_forward_that_throws_changes_nothing_and_the_model_quantizes_as_before()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, Coarse);
        quantized.Calibrate([input]);
        model.eval();
        var (state, output) = (Bits.OfState(model), Bits.Of(model.call(input)));

        var calibrate = () => quantized.Calibrate([input * 7, zeros(2, 5)]);

        calibrate.Should().Throw<Exception>();
        Bits.OfState(model).ShouldEqual(state);
        Bits.Of(model.call(input)).Should().Equal(output);
    }

    [Fact]
    public void What_cannot_be_done_is_refused()
    {
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        var quantized = QuantizedModel.Attach(model, input, Coarse);

        quantized.Invoking(q => q.Calibrate(Array.Empty<Tensor>())).Should().Throw<ArgumentException>()
            .WithMessage("*at least one is needed*");
        quantized.Invoking(q => q.Calibrate(new Batches(8, 4), 3)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*batches is 3; allowed are 1 to 2*");
        quantized.Dispose();
        quantized.Invoking(q => q.Calibrate([input])).Should().Throw<InvalidOperationException>().WithMessage("*detached*");
    }

    private static double[] InputsInFloat(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> batches)
    {
        var largest = new double[3];
        var layers = ((TorchSharp.Modules.Sequential)model).children().Cast<nn.Module<Tensor, Tensor>>().ToList();
        foreach (var batch in batches)
        {
            var x = batch;
            for (var layer = 0; layer < layers.Count; layer++)
            {
                if (layer % 2 == 0)
                {
                    largest[layer / 2] = Math.Max(largest[layer / 2], x.abs().max().item<float>());
                }

                x = layers[layer].call(x);
            }
        }

        return largest;
    }

    private static double[] Ranges(QuantizedModel quantized) =>
        quantized.Layers.Select(l => (double)((PactQuantizer)l.ActivationQuantizer).ClippingValue.item<float>()).ToArray();

    private static Dictionary<string, byte[]> OfModel(nn.Module model) =>
        Bits.OfState(model).Where(e => !e.Key.Contains("activation_quantizer", StringComparison.Ordinal)).ToDictionary();
}
