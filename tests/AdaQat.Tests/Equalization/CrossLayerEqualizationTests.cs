using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Equalization;

/// <summary>Channels scaled in one layer and back in the next.</summary>
public sealed class CrossLayerEqualizationTests
{
    [Theory]
    [InlineData("resnet18", false)]
    [InlineData("resnet18", true)]
    [InlineData("mobilenet_v2", true)]
    [InlineData(nameof(SmallResNet), false)]
    [InlineData(nameof(SmallResNet), true)]
    [InlineData(nameof(Vgg), false)]
    [InlineData(nameof(Vgg), true)]
    [InlineData(nameof(Networks.Convolutional), false)]
    [InlineData(nameof(Networks.Convolutional), true)]
    public void The_float_network_computes_what_it_did_and_undo_brings_back_every_bit(string name, bool folds)
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(name);
        using var owned = model;
        var graph = ModelCapture.Graph(model, input);
        using var folding = folds ? BatchNormFolding.Apply(model, graph) : null;
        var (state, before) = (Bits.OfState(model), Evaluate(model, input));

        LiveTensors.LeftBy(() =>
        {
            using var correction = CrossLayerEqualization.Apply(model, graph, options: null);

            correction.Report.Corrected.Should().NotBeEmpty();
            using var now = Evaluate(model, input);
            TrainedState.Difference(now, before).Should().BeLessThan(1e-5);
            Bits.OfState(model).Should().Contain(e => !e.Value.SequenceEqual(state[e.Key]));
        }).Should().Be(0);

        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void Ranges_of_a_pair_become_the_geometric_mean_of_both()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var (first, second) = (nn.Conv2d(3, 5, 3), nn.Conv2d(5, 4, 1));
        using var model = nn.Sequential(("first", first), ("relu", nn.ReLU()), ("second", second));
        using (no_grad())
        {
            first.weight!.mul_(tensor(new float[] { 1, 20, 0.1f, 3, 0.5f }).reshape(5, 1, 1, 1));
        }

        var (r1, r2) = (Outputs(first.weight!), Inputs(second.weight!));

        using var correction = CrossLayerEqualization.Apply(model, randn(2, 3, 6, 6));

        var expected = (r1 * r2).sqrt();
        Near.Numbers(Outputs(first.weight!) / expected).Should().OnlyContain(ratio => Math.Abs(ratio - 1) < 1e-5);
        Near.Numbers(Inputs(second.weight!) / expected).Should().OnlyContain(ratio => Math.Abs(ratio - 1) < 1e-5);
        correction.Report.Entries.Select(e => (e.Layer, e.IsCorrected)).Should().Equal(("first", true), ("second", false));
        correction.Report.LeftAlone.Single().What.Should().Be("'output' (output) follows, which the network returns");
    }

    [Fact]
    public void Every_kind_of_pair_keeps_the_output()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var image = randn(2, 4, 6, 6);
        foreach (var (what, input, layers) in new (string, Tensor, nn.Module<Tensor, Tensor>[])[]
        {
            ("grouped and depthwise", image,
                [
                    nn.Conv2d(4, 6, 3, groups: 2), nn.LeakyReLU(0.2), nn.Conv2d(6, 6, 3, groups: 6), nn.PReLU(6),
                    nn.Conv2d(6, 4, 1, groups: 2),
                ]),
            ("transposed and grouped", image,
                [nn.ConvTranspose2d(4, 6, 2, groups: 2), nn.ReLU(), nn.ConvTranspose2d(6, 4, 2, groups: 2), nn.Conv2d(4, 2, 1)]),
            ("behind a flattening", image, [nn.Conv2d(4, 5, 3), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(20, 3)]),
            ("behind means", image, [nn.Conv2d(4, 5, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 3)]),
            ("padded by zeros", image, [nn.Conv2d(4, 5, 3), nn.ZeroPad2d(1), nn.AvgPool2d(2), nn.Conv2d(5, 2, 1)]),
            ("rows", randn(7, 4), [nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 6, hasBias: false), nn.Linear(6, 2)]),
            ("tokens", randn(2, 7, 4), [nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 2)]),
        })
        {
            using var model = nn.Sequential(layers);
            TrainedState.Pretend(model, spread: 30);
            var (state, before) = (Bits.OfState(model), Evaluate(model, input));
            using (var correction = CrossLayerEqualization.Apply(model, input))
            {
                correction.Report.Corrected.Should().HaveCount(
                    layers.Count(layer => layer is Convolution or Linear) - 1, "of {0}: {1}", what, correction.Report);
                TrainedState.Difference(Evaluate(model, input), before).Should().BeLessThan(1e-5, "of {0}", what);
            }

            Bits.OfState(model).ShouldEqual(state);
        }
    }

    [Fact]
    public void What_can_not_be_scaled_is_named_with_the_reason()
    {
        using var scope = NewDisposeScope();
        var layers = new[] { "six", "swish", "twice", "sum", "joined", "plain", "last" }
            .ToDictionary(name => name, name => nn.Conv2d(name == "last" ? 6 : 3, 3, 1));
        var norm = nn.BatchNorm2d(3, affine: false);
        using var model = new Lambda(
            x =>
            {
                x = layers["swish"].call(nn.functional.relu6(layers["six"].call(x)));
                x = layers["twice"].call(nn.functional.hardswish(x));
                x = (x + layers["sum"].call(x.relu())).relu();
                x = norm.call(layers["joined"].call(x));
                var plain = layers["plain"].call(x);
                return layers["last"].call(cat([plain, plain.relu()], 1));
            },
            [.. layers.Select(l => (l.Key, (nn.Module)l.Value)), ("norm", norm)]);
        var state = Bits.OfState(model);
        var graph = ModelCapture.Graph(model, Networks.Images(2).Input);

        using var correction = CrossLayerEqualization.Apply(model, graph, new() { RescalesBeforeBatchNorm = false });

        correction.Report.Entries.Select(entry => entry.ToString()).Should().Equal(
            "six: left alone: 'clamp' (clamp) follows, through which a channel can't be scaled",
            "swish: left alone: 'hard_swish' (hard_swish) follows, through which a channel can't be scaled",
            "twice: left alone: what 'twice' makes goes to 'relu' and 'add'",
            "sum: left alone: 'add' (add) follows, through which a channel can't be scaled",
            "joined: left alone: 'norm' has no γ and β to take the scale; fold it first",
            "plain: left alone: what 'plain' makes goes to 'relu_3' and 'concat'",
            "last: left alone: 'output' (output) follows, which the network returns");
        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void Before_batch_normalisation_output_channels_come_to_one_range_and_its_slopes_take_the_scale()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(Networks.Convolutional));
        using var owned = model;
        var (first, second) = (model.get_parameter("conv1.weight")!, model.get_parameter("conv2.weight")!);
        var before = Evaluate(model, input);

        using var correction = CrossLayerEqualization.Apply(model, input);

        Near.Numbers(Outputs(first) / Outputs(first).mean()).Should().OnlyContain(ratio => Math.Abs(ratio - 1) < 1e-5);
        var norm = model.named_modules().Select(m => m.module).OfType<BatchNorm>().First();
        var ratio = ((norm.weight!.abs() * 6) + norm.bias!.abs()) / Inputs(second);
        Near.Numbers(ratio / ratio.mean()).Should().OnlyContain(r => Math.Abs(r - 1) < 2e-3, "both sides of a pair reach equally far");
        TrainedState.Difference(Evaluate(model, input), before).Should().BeLessThan(1e-5);
    }

    [Fact]
    public void An_outlier_channel_that_ruins_one_scale_for_all_is_rescued_by_equalisation_and_by_scales_per_channel()
    {
        using var scope = NewDisposeScope();
        double Error(Granularity granularity, bool equalizes)
        {
            manual_seed(4);
            var (first, second) = (nn.Conv2d(3, 16, 3), nn.Conv2d(16, 4, 3));
            using var model = nn.Sequential(("first", first), ("relu", nn.ReLU()), ("second", second));
            using (no_grad())
            {
                first.weight![0].mul_(100);
                first.bias![0].mul_(100);
                second.weight!.select(1, 0).div_(100);
            }

            var input = randn(8, 3, 10, 10);
            var expected = Evaluate(model, input);
            var options = new QuantizationOptions
            {
                Weights = new AffineOptions { Granularity = granularity },
                Rules =
                [
                    LayerRule.Named("first").With(weights: BitWidthChoice.Fixed(8), activations: BitWidthChoice.Unquantized),
                    LayerRule.Named("second").InFloat(),
                ],
            };
            using var quantized = QuantizedModel.Attach(model, input, options);
            using var correction = equalizes ? CrossLayerEqualization.Apply(quantized, input) : null;
            correction?.Report.ToString().Should().Contain("first: with 'second'");
            return TrainedState.Difference(Evaluate(model, input), expected);
        }

        var ruined = Error(Granularity.PerTensor, equalizes: false);
        ruined.Should().BeGreaterThan(0.1);
        Error(Granularity.PerTensor, equalizes: true).Should().BeLessThan(0.1 * ruined);
        Error(Granularity.PerChannel(), equalizes: false).Should().BeLessThan(0.1 * ruined);
    }

    [Fact]
    public void In_an_attached_network_weights_start_anew_and_the_report_names_inputs_that_need_calibration()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(Networks.Convolutional));
        using var owned = model;
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions { Weights = new LsqOptions() });
        using (var early = CrossLayerEqualization.Apply(quantized, input))
        {
            early.Report.Notes.Should().ContainSingle("no range has started yet").Which.Should().StartWith("2 pairs in ");
        }

        quantized.Calibrate([input]);
        var state = Bits.OfState(model);
        var steps = quantized.Layers.Select(l => ((LsqQuantizer)l.WeightQuantizer).UnitStep.item<float>()).ToList();

        using (var correction = CrossLayerEqualization.Apply(quantized, input))
        {
            quantized.Layers.Select(l => ((LsqQuantizer)l.WeightQuantizer).UnitStep.item<float>()).Should().NotEqual(steps);
            correction.Report.Notes[1].Should().Be("Ranges of inputs had started and no longer fit; calibrate anew: conv2, fc.");
        }

        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void A_weight_that_is_not_finite_and_options_outside_their_range_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(Networks.Convolutional));
        using var owned = model;
        var graph = ModelCapture.Graph(model, input);
        using (no_grad())
        {
            model.get_parameter("conv2.weight")!.view(-1)[3] = float.NaN;
        }

        var state = Bits.OfState(model);
        using (var correction = CrossLayerEqualization.Apply(model, graph, options: null))
        {
            correction.Report.LeftAlone.Should().Contain(e => e.What == "the weight or bias of 'conv2' is not finite");
        }

        Bits.OfState(model).ShouldEqual(state);
        foreach (var (options, message) in new (CrossLayerEqualizationOptions, string)[]
        {
            (new() { MaximumIterations = 0 }, "*MaximumIterations is 0*1 and more*"),
            (new() { Tolerance = double.NaN }, "*Tolerance is NaN*above 0*"),
        })
        {
            var apply = () => CrossLayerEqualization.Apply(model, graph, options);
            apply.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
        }
    }

    private static Tensor Outputs(Tensor weight) => weight.detach().abs().amax([1, 2, 3]);

    private static Tensor Inputs(Tensor weight) => weight.detach().abs().amax([0, 2, 3]);

    private static Tensor Evaluate(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        model.eval();
        return model.call(input).MoveToOuterDisposeScope();
    }

    private static (nn.Module<Tensor, Tensor> Model, Tensor Input) Create(string name)
    {
        manual_seed(5);
        nn.Module<Tensor, Tensor> model = name switch
        {
            "resnet18" => torchvision.models.resnet18(10),
            "mobilenet_v2" => torchvision.models.mobilenet_v2(10),
            nameof(SmallResNet) => new SmallResNet(),
            nameof(Vgg) => new Vgg(),
            _ => Networks.Convolutional(),
        };
        TrainedState.Pretend(model, spread: 20);
        return (model, name switch
        {
            "resnet18" or "mobilenet_v2" => randn(2, 3, 32, 32),
            nameof(Vgg) => randn(2, 3, 16, 16),
            _ => Networks.Images(4).Input,
        });
    }
}
