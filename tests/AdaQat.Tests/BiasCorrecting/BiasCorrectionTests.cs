using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.BiasCorrecting;

/// <summary>Means of outputs, in float and quantized.</summary>
public sealed class BiasCorrectionTests
{
    private static readonly QuantizationOptions LowBits = new()
    {
        Weights = new AffineOptions(),
        Activations = new AffineOptions(),
        Rules = [LayerRule.Named("*").With(weights: BitWidthChoice.Fixed(3), activations: BitWidthChoice.Fixed(6))],
    };

    [Fact]
    public void With_data_the_mean_of_every_output_channel_becomes_that_of_the_float_network_and_undo_brings_back_every_bit()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        var batches = Batches();
        using var quantized = QuantizedModel.Attach(model, batches[0], LowBits);
        quantized.Calibrate(batches);
        var state = Bits.OfState(model);
        var seen = new List<CorrectionProgress>();
        List<Tensor> expected;
        using (quantized.InFloat())
        {
            expected = Means(model, batches);
        }

        var before = Means(model, batches).Zip(expected, TrainedState.Difference).ToList();
        LiveTensors.LeftBy(() =>
        {
            using var correction = BiasCorrection.Apply(quantized, batches, new Listener(seen), CancellationToken.None);

            correction.Report.Corrected.Select(e => e.Layer).Should().Equal("conv1", "conv2", "fc");
            correction.Report.Corrected.ElementAt(1).What.Should().EndWith("by the running mean of 'bn2'");
            using var inner = NewDisposeScope();
            foreach (var ((actual, wanted), uncorrected) in Means(model, batches).Zip(expected).Zip(before))
            {
                TrainedState.Difference(actual, wanted).Should().BeLessThan(1e-4).And.BeLessThan(0.01 * uncorrected);
            }
        }).Should().Be(0);

        Bits.OfState(model).ShouldEqual(state);
        seen.Select(p => (p.Layer, p.Number, p.Count)).Should().Equal(("conv1", 1, 3), ("conv2", 2, 3), ("fc", 3, 3));
    }

    [Fact]
    public void Without_data_it_takes_off_what_rounding_adds_to_the_mean_that_batch_normalisation_tells()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var quantized = QuantizedModel.Attach(model, Batches()[0], LowBits);
        var (bn1, conv2) = (Norm(model, "bn1"), quantized.Layers[1]);
        var error = conv2.QuantizedWeight() - model.get_parameter("conv2.weight")!;
        var (beta, gamma) = (bn1.bias!, bn1.weight!.abs());
        var ratio = beta / gamma;
        var mean = (beta * ((ratio / Math.Sqrt(2)).erf() + 1) / 2) + (gamma * (ratio.square() / -2).exp() / Math.Sqrt(2 * Math.PI));
        var expected = Norm(model, "bn2").running_mean! + (error.sum([2, 3]) * mean).sum(1);
        var state = Bits.OfState(model);

        using (var correction = BiasCorrection.ApplyAnalytic(quantized, Batches()[0]))
        {
            TrainedState.Difference(Norm(model, "bn2").running_mean!, expected).Should().BeLessThan(1e-5);
            correction.Report.LeftAlone.Select(e => (e.Layer, e.What)).Should().Equal(
                ("conv1", "what it reads comes from 'input' (input), whose mean no batch normalisation tells"));
            correction.Report.Corrected.Select(e => e.Layer).Should().Equal("conv2", "fc");
        }

        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void What_has_no_place_for_it_is_named_with_the_reason()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(
            ("bare", nn.Conv2d(3, 4, 1, bias: false)), ("relu", nn.ReLU()), ("up", nn.ConvTranspose2d(4, 4, 2)), ("bn", nn.BatchNorm2d(4)),
            ("last", nn.Conv2d(4, 2, 1)));
        var batches = Batches();
        using var quantized = QuantizedModel.Attach(model, batches[0], LowBits);
        quantized.Calibrate(batches);

        using (var correction = BiasCorrection.Apply(quantized, batches))
        {
            correction.Report.LeftAlone.Single().ToString().Should().Be(
                "bare: left alone: it has no bias, and no batch normalisation of its own behind it");
        }

        using var folding = BatchNormFolding.Apply(quantized, batches[0]);
        using var analytic = BiasCorrection.ApplyAnalytic(quantized, batches[0]);
        analytic.Report.LeftAlone.Select(e => e.What).Should().Equal(
            "it has no bias, and no batch normalisation of its own behind it",
            "it is a transposed convolution, whose outputs meet different parts of the weight",
            "'bn' is folded, so that what its layer lets out is not known any more; correct before folding, or with data");
    }

    [Fact]
    public void Data_that_are_none_are_refused_by_name_and_nothing_changes()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        var batches = Batches();
        using var quantized = QuantizedModel.Attach(model, batches[0], LowBits);
        var early = () => BiasCorrection.Apply(quantized, batches);
        early.Should().Throw<InvalidOperationException>().WithMessage("The input of layer 'conv1' has no range yet*Calibrate*");
        quantized.Calibrate(batches);
        var bad = batches[1].clone();
        bad[2, 0, 0, 0] = float.NaN;
        var state = Bits.OfState(model);

        foreach (var (data, message) in new (IReadOnlyList<Tensor>, string)[]
        {
            ([], "There are no batches*"),
            ([batches[0], bad], "Batch 1 (counted from 0) holds NaN or infinity in 1 of its 8 elements, first in element 2*"),
            ([zeros(0, 3, 8, 8)], "Batch 0 (counted from 0) is empty, of shape [0, 3, 8, 8]*"),
        })
        {
            var apply = () => BiasCorrection.Apply(quantized, data);
            apply.Should().Throw<ArgumentException>().WithMessage(message);
        }

        var wrong = () => BiasCorrection.Apply(quantized, [batches[0], randn(2, 5, 8, 8)]);
        wrong.Should().Throw<ArgumentException>().WithMessage("The model cannot take batch 1*");
        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void Cancelled_in_the_middle_all_is_as_before()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        var batches = Batches();
        using var quantized = QuantizedModel.Attach(model, batches[0], LowBits);
        quantized.Calibrate(batches);
        var state = Bits.OfState(model);
        using var source = new CancellationTokenSource();

        LiveTensors.LeftBy(() =>
        {
            var apply = () => BiasCorrection.Apply(quantized, batches, new Listener(_ => source.Cancel()), source.Token);
            apply.Should().Throw<OperationCanceledException>();
        }).Should().Be(0);

        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void Batch_normalisation_measured_anew_can_be_taken_back()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        var batches = Batches();
        using var quantized = QuantizedModel.Attach(model, batches[0], LowBits);
        quantized.Calibrate(batches);
        var state = Bits.OfState(model);
        List<byte[]> expected;
        LiveTensors.LeftBy(() =>
        {
            using var correction = BatchNormReestimation.Apply(quantized, batches);
            correction.Report.Corrected.Select(e => e.Layer).Should().Equal("bn1", "bn2");
            expected = [.. Bits.OfState(model).Values];
        }).Should().Be(0);

        Bits.OfState(model).ShouldEqual(state);
        expected = [];
        BatchNormStatistics.Reestimate(model, batches);
        var plain = Bits.OfState(model);
        using var again = BatchNormReestimation.Apply(quantized, batches);
        Bits.OfState(model).ShouldEqual(plain);
        var none = () => BatchNormReestimation.Apply(quantized, []);
        none.Should().Throw<ArgumentException>().WithMessage("There are no batches*");
    }

    private static nn.Module<Tensor, Tensor> Network()
    {
        manual_seed(6);
        var model = nn.Sequential(
            ("conv1", nn.Conv2d(3, 6, 3, padding: 1)),
            ("bn1", nn.BatchNorm2d(6)),
            ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(6, 8, 3, stride: 2, padding: 1, bias: false)),
            ("bn2", nn.BatchNorm2d(8)),
            ("relu2", nn.ReLU()),
            ("flatten", nn.Flatten()),
            ("fc", nn.Linear(128, 10)));
        TrainedState.Pretend(model);
        return model;
    }

    private static List<Tensor> Batches() => [.. Enumerable.Range(1, 4).Select(seed => Networks.Images(8, seed).Input)];

    private static BatchNorm Norm(nn.Module model, string name) => (BatchNorm)model.named_modules().Single(m => m.name == name).module;

    /// <summary>The means of what batch normalisation and the last layer let out, channel by channel.</summary>
    private static List<Tensor> Means(nn.Module<Tensor, Tensor> model, IReadOnlyList<Tensor> batches)
    {
        using var guard = no_grad();
        var outputs = new Dictionary<string, List<Tensor>>();
        var hooks = new List<Action>();
        foreach (var (name, module) in model.named_modules().Where(m => m.name is "bn1" or "bn2" or "fc"))
        {
            outputs[name] = [];
            var hook = ((nn.Module<Tensor, Tensor>)module).register_forward_hook((_, _, output) =>
            {
                outputs[name].Add(output.clone());
                return output;
            });
            hooks.Add(hook.remove);
        }

        model.eval();
        foreach (var batch in batches)
        {
            model.call(batch);
        }

        model.train();
        hooks.ForEach(remove => remove());
        return [.. outputs.Values.Select(o => cat(o)).Select(o => o.dim() == 4 ? o.mean([0, 2, 3]) : o.mean([0]))];
    }

    private sealed class Listener(Action<CorrectionProgress> told) : IProgress<CorrectionProgress>
    {
        public Listener(List<CorrectionProgress> seen)
            : this(seen.Add)
        {
        }

        public void Report(CorrectionProgress value) => told(value);
    }
}
