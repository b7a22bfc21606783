using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Sensitivity;

public sealed class SensitivityTests : IDisposable
{
    private static readonly SensitivityOptions Few = new() { WeightBits = [2, 4, 8], ActivationBits = [3, 8] };

    private readonly DisposeScope _scope = NewDisposeScope();

    /// <summary>The numbers of a row, computed here with the formulas and a hook, in place of the analysis.</summary>
    [Fact]
    public void A_row_is_what_the_network_computes_with_one_weight_or_input_quantized()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attach(model);
        var (input, target) = Networks.Images(10, 100);
        quantized.Calibrate([input]);

        var report = SensitivityAnalysis.Run(quantized, new Batches(10, 10), Loss, Few);

        using var guard = no_grad();
        model.eval();
        var layer = (TorchSharp.Modules.Conv2d)model.named_modules().Single(m => m.name == "conv2").module;
        Tensor reference, weights, inputs, seen = null!;
        using (quantized.InFloat())
        {
            var look = layer.register_forward_pre_hook((_, x) =>
            {
                seen = x.clone();
                return x;
            });
            reference = model.call(input);
            look.remove();
            var latent = layer.weight!.clone();
            var at4 = Own(quantized.Layers[1].WeightQuantizer, 4).call(latent);
            layer.weight.copy_(at4);
            weights = model.call(input);
            layer.weight.copy_(latent);
            Check(report, "conv2", QuantizerTarget.Weight, 4, Decibels(latent, latent - at4), reference, weights, target);

            var at3 = Own(quantized.Layers[1].ActivationQuantizer, 3).call(seen);
            var hook = layer.register_forward_pre_hook((_, _) => at3);
            inputs = model.call(input);
            hook.remove();
            Check(report, "conv2", QuantizerTarget.Activation, 3, Decibels(seen, seen - at3), reference, inputs, target);
        }

        report.Loss.Should().BeApproximately(Loss(reference, target).item<float>(), 1e-6);
        report.Samples.Should().Be(10);
        report.Rows.Should().HaveCount((3 * 3) + (3 * 2));
    }

    [Fact]
    public void From_the_changed_layer_on_the_numbers_are_those_of_whole_forwards_with_less_work()
    {
        using var model = new ResNet20Cifar.Models.ResNet20();
        using var quantized = QuantizedModel.Attach(model, randn(1, 3, 32, 32), new QuantizationOptions());
        var source = new Batch(randn(6, 3, 32, 32), randint(0, 10, [6], dtype: ScalarType.Int64));
        var batches = IndexedBatches.InOrder(source.Input, source.Target, 4);

        var graph = SensitivityAnalysis.Run(quantized, batches, Loss, Few);
        var whole = SensitivityAnalysis.Run(quantized, batches, Loss, Few with { ReusesPrefix = false });

        Same(graph.Rows, whole.Rows, 1e-4);
        graph.Loss.Should().BeApproximately(whole.Loss, 1e-5);
        (graph.WholeForwards, whole.WholeForwards, whole.ComputedNodes).Should().Be((0, 2 * 20 * 5, 0));
        whole.WholeForwardsReason.Should().Be("asked for");
        // The last layer's forward is one operator of the network, the first one's all of them: half on the average.
        ((double)graph.ComputedNodes / graph.NodesOfWholeForwards).Should().BeInRange(0.4, 0.6);
    }

    [Fact]
    public void A_layer_computes_only_what_comes_behind_it()
    {
        using var model = Networks.Linear();
        using var quantized = QuantizedModel.Attach(model, randn(1, 4), new QuantizationOptions());
        var (input, target) = Networks.Rows(8);
        var batches = IndexedBatches.InOrder(input, target, 8);

        // fc1, relu1, fc2, relu2, fc3: five operators behind the first weight, three behind the second, one behind the third.
        var report = SensitivityAnalysis.Run(quantized, batches, Loss, new() { WeightBits = [4], ActivationBits = [] });

        (report.ComputedNodes, report.NodesOfWholeForwards).Should().Be((5 + 3 + 1, 15));
        report.ToString().Should().Contain("computed from the changed layer on: 9 of 15 operators");
    }

    [Fact]
    public void A_model_without_a_graph_is_analysed_by_whole_forwards_and_the_report_says_why()
    {
        var lstm = nn.LSTM(4, 8, batchFirst: true);
        var head = nn.Linear(8, 3);
        using var model = new Lambda(x => head.call(lstm.call(x).Item1.select(1, -1)), ("lstm", lstm), ("head", head));
        using var quantized = QuantizedModel.Attach(model, randn(2, 5, 4), new QuantizationOptions());
        var batches = IndexedBatches.InOrder(randn(6, 5, 4), randint(0, 3, [6], dtype: ScalarType.Int64), 3);

        var report = SensitivityAnalysis.Run(quantized, batches, Loss, new() { WeightBits = [2, 8], ActivationBits = [4] });

        report.WholeForwards.Should().Be(2 * 3);
        report.WholeForwardsReason.Should().Contain("aten::lstm can't be captured");
        report.Rows.Single(r => r.Bits == 2).OutputSqnr.Should().BeLessThan(report.Rows.Single(r => r.Bits == 8).OutputSqnr);
    }

    /// <summary>
    /// One channel's weights a hundred times as large as the others', which the batch normalisation behind it makes good: the network
    /// computes what it did, and a scale for the whole tensor leaves the other channels few levels.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(13)]
    public void A_layer_with_an_outlier_among_its_weights_is_found(int place)
    {
        manual_seed(1);
        using var model = new ResNet20Cifar.Models.ResNet20();
        var modules = model.named_modules().ToDictionary(m => m.name, m => m.module);
        var conv = modules.Where(m => m.Value is TorchSharp.Modules.Conv2d).ElementAt(place);
        var norm = (TorchSharp.Modules.BatchNorm2d)modules[conv.Key.Replace("conv", "bn", StringComparison.Ordinal)];
        using (no_grad())
        {
            ((TorchSharp.Modules.Conv2d)conv.Value).weight![5].mul_(100);
            norm.running_var![5].mul_(1e4);
        }

        using var quantized = QuantizedModel.Attach(model, randn(1, 3, 32, 32), new QuantizationOptions
        {
            Weights = new AffineOptions(),
        });
        var batches = IndexedBatches.InOrder(randn(8, 3, 32, 32), randint(0, 10, [8], dtype: ScalarType.Int64), 8);

        var report = SensitivityAnalysis.Run(quantized, batches, Loss, new() { WeightBits = [4, 8], ActivationBits = [] });

        foreach (var bits in new[] { 4, 8 })
        {
            report.Rows.Where(r => r.Bits == bits).MinBy(r => r.OutputSqnr)!.Layer.Should().Be(conv.Key);
            report.Rows.Where(r => r.Bits == bits).MaxBy(r => r.OutputError)!.Layer.Should().Be(conv.Key);
        }
    }

    [Fact]
    public void The_model_is_afterwards_as_it_was_and_no_tensor_is_left()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attach(model);
        var batches = new Batches(10, 4);
        SensitivityAnalysis.Run(quantized, batches, Loss, Few);
        model.train();
        var (before, random) = (Bits.OfState(model), Bits.OfRandomState());

        var left = LiveTensors.LeftBy(() => SensitivityAnalysis.Run(quantized, batches, Loss, Few));
        var whole = LiveTensors.LeftBy(() => SensitivityAnalysis.Run(quantized, batches, Loss, Few with { ReusesPrefix = false }));

        (left, whole).Should().Be((0, 0));
        Bits.OfState(model).Should().BeEquivalentTo(before);
        Bits.OfRandomState().Should().Equal(random);
        model.named_modules().Select(m => m.module).Where(m => m is not Quantizer).Should().OnlyContain(m => m.training);
        quantized.Layers.Should().OnlyContain(l => !l.ActivationQuantizer.IsCalibrated);
    }

    [Fact]
    public void A_weight_or_an_input_that_layers_share_is_one_row_and_all_of_them_are_changed()
    {
        var (first, second, third) = (nn.Linear(4, 4, hasBias: false), nn.Linear(4, 4, hasBias: false), nn.Linear(4, 4, hasBias: false));
        second.weight = first.weight;
        using var model = new Lambda(
            x => second.call(first.call(x)) + third.call(x), ("first", first), ("second", second), ("third", third));
        using var quantized = QuantizedModel.Attach(model, randn(2, 4), new QuantizationOptions());
        var batches = IndexedBatches.InOrder(randn(6, 4), randint(0, 4, [6], dtype: ScalarType.Int64), 6);
        var options = new SensitivityOptions { WeightBits = [3], ActivationBits = [3] };

        var graph = SensitivityAnalysis.Run(quantized, batches, Loss, options);

        graph.Rows.Select(r => (r.Layer, r.Target)).Should().Equal(
            ("first", QuantizerTarget.Weight), ("third", QuantizerTarget.Weight),
            ("first", QuantizerTarget.Activation), ("second", QuantizerTarget.Activation));
        Same(graph.Rows, SensitivityAnalysis.Run(quantized, batches, Loss, options with { ReusesPrefix = false }).Rows, 1e-5);
    }

    [Fact]
    public void Ranges_chosen_anew_at_each_width_are_those_that_a_model_of_that_width_is_given()
    {
        var calibration = new CalibrationOptions
        {
            Observer = new MeanSquaredErrorObserverOptions(),
            WeightObserver = new MeanSquaredErrorObserverOptions(),
        };
        var tried = new SensitivityOptions { WeightBits = [2], ActivationBits = [2] };
        var anew = Rows(8, tried with { Calibration = calibration });

        anew.Should().BeEquivalentTo(Rows(2, tried), options => options.WithStrictOrdering());
        anew.Should().NotBeEquivalentTo(Rows(8, tried), "ranges for 8 bits are no good at 2");

        IReadOnlyList<SensitivityRow> Rows(int bits, SensitivityOptions options)
        {
            manual_seed(3);
            using var model = Networks.Convolutional();
            var (input, _) = Networks.Images(10, 100);
            using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions
            {
                Weights = new AffineOptions { Range = RangeSource.Static },
                Activations = new AffineOptions { Range = RangeSource.Static },
                WeightBits = BitWidthChoice.Fixed(bits),
                ActivationBits = BitWidthChoice.Fixed(bits),
                FirstLayerBits = null,
                LastLayerBits = null,
            });
            quantized.Calibrate([input], calibration);
            return SensitivityAnalysis.Run(quantized, new Batches(10, 10), Loss, options).Rows;
        }
    }

    [Fact]
    public void A_width_that_a_family_does_not_have_is_left_out_and_said()
    {
        using var model = Networks.Linear();
        using var quantized = QuantizedModel.Attach(model, randn(2, 4), new QuantizationOptions
        {
            Rules = [LayerRule.Named("fc2").With(weights: BitWidthChoice.Fixed(2)).With(weights: new TernaryOptions())],
        });
        var (input, target) = Networks.Rows(8);

        var report = SensitivityAnalysis.Run(
            quantized, IndexedBatches.InOrder(input, target, 8), Loss, new() { WeightBits = [2, 4], ActivationBits = [] });

        report.Rows.Where(r => r.Layer == "fc2").Select(r => r.Bits).Should().Equal(2);
        report.Notes.Should().ContainSingle().Which.Should().StartWith("fc2, weights at 4 bits: ");
    }

    [Fact]
    public void Distributions_have_the_elements_and_the_values_they_would_become()
    {
        using var model = Networks.Linear();
        using var quantized = QuantizedModel.Attach(model, randn(2, 4), new QuantizationOptions { Weights = new AffineOptions() });
        var (input, target) = Networks.Rows(8);

        var report = SensitivityAnalysis.Run(quantized, IndexedBatches.InOrder(input, target, 8), Loss, Few);

        report.Distributions.Select(d => (d.Layer, d.Target, d.Counts.Sum())).Should().Equal(
            ("fc1", QuantizerTarget.Weight, 32), ("fc2", QuantizerTarget.Weight, 64), ("fc3", QuantizerTarget.Weight, 24),
            ("fc1", QuantizerTarget.Activation, 32), ("fc2", QuantizerTarget.Activation, 64), ("fc3", QuantizerTarget.Activation, 64));
        var weight = ((TorchSharp.Modules.Linear)model.named_modules().Single(m => m.name == "fc2").module).weight!;
        var fc2 = report.Distributions[1];
        (fc2.Minimum, fc2.Maximum).Should().Be((weight.min().item<float>(), weight.max().item<float>()));
        fc2.Grids.Select(g => (g.Bits, g.Count)).Should().Equal((2, 4), (4, 16), (8, 256));
        fc2.Grids.Should().OnlyContain(g => Math.Abs(g.Step - (2 * weight.abs().max().item<float>() / (g.Count - 1))) < 1e-6);
    }

    [Fact]
    public void The_rows_are_written_as_a_file_and_shown_as_a_table()
    {
        using var folder = new TemporaryFolder();
        using var model = Networks.Linear();
        using var quantized = QuantizedModel.Attach(model, randn(2, 4), new QuantizationOptions());
        var (input, target) = Networks.Rows(8);
        var report = SensitivityAnalysis.Run(quantized, IndexedBatches.InOrder(input, target, 8), Loss, Few);

        report.WriteCsv(folder.In("rows.csv"));
        var lines = File.ReadAllLines(folder.In("rows.csv"));
        var table = report.ToString().Split('\n');

        lines[0].Should().Be("layer,target,bits,loss,lossChange,accuracy,accuracyChange,tensorSqnrDb,outputSqnrDb,outputError");
        lines.Should().HaveCount(1 + report.Rows.Count);
        double.Parse(lines[1].Split(',')[4], System.Globalization.CultureInfo.InvariantCulture).Should().Be(report.Rows[0].LossChange);
        table[0].Should().MatchRegex(@"^change of the loss, \d\.\d{4} in float at \d+(\.\d+)? ?%, on 8 samples; one weight or input .*");
        table[1].Should().MatchRegex("^layer  of +2 bits +3 bits +4 bits +8 bits$");
        table[2].Should().MatchRegex(@"^fc1    weights +[+-]?\d\.\d{4} +[+-]?\d\.\d{4} +[+-]?\d\.\d{4}$");
    }

    [Fact]
    public void What_can_not_be_analysed_is_refused()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attach(model);
        var batches = new Batches(10, 4);

        FluentActions.Invoking(() => SensitivityAnalysis.Run(quantized, batches, Loss, new() { WeightBits = [4, 2] }))
            .Should().Throw<ArgumentException>().WithMessage("WeightBits is 4, 2; widths must ascend.*");
        FluentActions.Invoking(() => SensitivityAnalysis.Run(quantized, batches, Loss, new() { ActivationBits = [0] }))
            .Should().Throw<ArgumentException>().WithMessage("ActivationBits is 0; allowed are 1 to 24.*");
        FluentActions.Invoking(() => SensitivityAnalysis.Run(quantized, batches, Loss, new() { Batches = 4 }))
            .Should().Throw<ArgumentException>().WithMessage("Batches is 4; allowed are 1 to 3.*");
        FluentActions.Invoking(() => SensitivityAnalysis.Run(quantized, batches, (output, _) => output.mean() / 0))
            .Should().Throw<NonFiniteLossException>().WithMessage("The loss of the model in float is * on batch 1:*");
        quantized.Bake();
        FluentActions.Invoking(() => SensitivityAnalysis.Run(quantized, batches, Loss))
            .Should().Throw<InvalidOperationException>().WithMessage("The model's weights were baked*");
    }

    public void Dispose() => _scope.Dispose();

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model) =>
        QuantizedModel.Attach(model, Networks.Images(2, 5).Input, new QuantizationOptions());

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    /// <summary>A quantizer at another width with the range of the model's.</summary>
    private static Quantizer Own(Quantizer model, int bits)
    {
        Quantizer own = model is DoReFaQuantizer
            ? new DoReFaQuantizer(BitWidth.Fixed("w", bits))
            : new PactQuantizer(BitWidth.Fixed("a", bits), ((PactQuantizer)model).IsSigned);
        own.load_state_dict(model.state_dict().ToDictionary(
            e => e.Key, e => e.Key == "width_bits" ? tensor((long)bits) : e.Value.detach().clone()));
        own.eval();
        return own;
    }

    private static double Decibels(Tensor signal, Tensor noise) =>
        10 * Math.Log10(signal.square().sum().item<float>() / noise.square().sum().item<float>());

    private static void Check(
        SensitivityReport report, string layer, QuantizerTarget kind, int bits, double sqnr, Tensor reference, Tensor output, Tensor target)
    {
        var row = report.Rows.Single(r => r.Layer == layer && r.Target == kind && r.Bits == bits);
        row.TensorSqnr.Should().BeApproximately(sqnr, 1e-3);
        row.OutputSqnr.Should().BeApproximately(Decibels(reference, output - reference), 1e-3);
        row.OutputError.Should().BeApproximately((output - reference).square().mean().sqrt().item<float>(), 1e-5);
        row.Loss.Should().BeApproximately(Loss(output, target).item<float>(), 1e-5);
        row.LossChange.Should().BeApproximately(row.Loss - report.Loss, 1e-12);
        row.Accuracy.Should().Be(output.argmax(1).eq(target).sum().item<long>() / 10.0);
        row.AccuracyChange.Should().BeApproximately(row.Accuracy!.Value - report.Accuracy!.Value, 1e-12);
    }

    private static void Same(IReadOnlyList<SensitivityRow> left, IReadOnlyList<SensitivityRow> right, double tolerance)
    {
        left.Select(r => (r.Layer, r.Target, r.Bits)).Should().Equal(right.Select(r => (r.Layer, r.Target, r.Bits)));
        foreach (var (one, other) in left.Zip(right))
        {
            one.Loss.Should().BeApproximately(other.Loss, tolerance, one.ToString());
            one.OutputError.Should().BeApproximately(other.OutputError, tolerance * Math.Max(1, other.OutputError), one.ToString());
            one.TensorSqnr.Should().BeApproximately(other.TensorSqnr, 0.01, one.ToString());
        }
    }
}
