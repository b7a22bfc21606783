using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Folding;

/// <summary>Batch normalisation folded into the layers before it, and taken out again.</summary>
public sealed class BatchNormFoldingTests
{
    public static TheoryData<string, int> Models => new()
    {
        { "resnet18", 20 },
        { "mobilenet_v2", 52 },
        { nameof(SmallResNet), 4 },
        { nameof(Networks.Convolutional), 2 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_float_network_computes_what_it_did_and_undo_brings_back_every_bit(string name, int folded)
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(name);
        using var owned = model;
        var (state, before) = (Bits.OfState(model), Evaluate(model, input));
        var graph = ModelCapture.Graph(model, input);

        LiveTensors.LeftBy(() =>
        {
            using var correction = BatchNormFolding.Apply(model, graph);

            correction.Report.Corrected.Should().HaveCount(folded);
            correction.Report.LeftAlone.Should().BeEmpty();
            using var now = Evaluate(model, input);
            TrainedState.Difference(now, before).Should().BeLessThan(1e-5);
            foreach (var norm in Norms(model))
            {
                using var inner = NewDisposeScope();
                var probe = randn(2, norm.num_features, 3, 3);
                var sum = probe + norm.bias!.detach().reshape(1, -1, 1, 1);
                TrainedState.Difference(Evaluate(norm, probe), sum).Should().BeLessThan(1e-5, "a folded batch normalisation adds a number");
            }
        }).Should().Be(0);

        Bits.OfState(model).ShouldEqual(state);
        Bits.Of(Evaluate(model, input)).Should().Equal(Bits.Of(before));
    }

    [Fact]
    public void Whatever_the_layer_is_its_output_stays()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        foreach (var (layer, norm, input) in new (nn.Module<Tensor, Tensor>, nn.Module<Tensor, Tensor>, Tensor)[]
        {
            (nn.Conv1d(4, 6, 3, groups: 2), nn.BatchNorm1d(6), randn(3, 4, 9)),
            (nn.Conv2d(6, 6, 3, groups: 6, bias: false), nn.BatchNorm2d(6, eps: 0.3), randn(2, 6, 5, 5)),
            (nn.Conv3d(2, 3, 2), nn.BatchNorm3d(3, affine: false), randn([2, 2, 4, 4, 4])),
            (nn.Conv2d(2, 3, 3, bias: false), nn.BatchNorm2d(3, affine: false), randn(2, 2, 5, 5)),
            (nn.ConvTranspose2d(4, 6, 3, groups: 2, stride: 2), nn.BatchNorm2d(6), randn(2, 4, 3, 3)),
            (nn.Linear(5, 7), nn.BatchNorm1d(7), randn(6, 5)),
            (nn.Linear(5, 7, hasBias: false), nn.BatchNorm1d(7), randn(6, 5)),
        })
        {
            using var model = nn.Sequential(("layer", layer), ("norm", norm));
            TrainedState.Pretend(model);
            var (state, before) = (Bits.OfState(model), Evaluate(model, input));
            using (var correction = BatchNormFolding.Apply(model, input))
            {
                correction.Report.Corrected.Select(e => e.Layer).Should().Equal("norm");
                TrainedState.Difference(Evaluate(model, input), before).Should().BeLessThan(1e-5, "of {0}", layer.GetName());
            }

            Bits.OfState(model).ShouldEqual(state);
        }
    }

    [Fact]
    public void What_can_not_be_folded_is_named_with_the_reason()
    {
        using var scope = NewDisposeScope();
        var (twice, shared, rows) = (nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1), nn.Linear(8, 8));
        var (a, b, c, d, e) = (nn.BatchNorm2d(3), nn.BatchNorm2d(3), nn.BatchNorm2d(3), nn.BatchNorm2d(3), nn.BatchNorm1d(3));
        using var model = new Lambda(
            x =>
            {
                var split = twice.call(x);
                var joined = a.call(split) + split;
                joined = b.call(shared.call(joined)) + c.call(shared.call(joined));
                joined = d.call(joined.relu());
                return e.call(rows.call(joined.flatten(2).slice(2, 0, 8, 1)));
            },
            ("twice", twice), ("shared", shared), ("rows", rows), ("a", a), ("b", b), ("c", c), ("d", d), ("e", e));
        TrainedState.Pretend(model);
        var state = Bits.OfState(model);

        using var correction = BatchNormFolding.Apply(model, Networks.Images(2).Input);

        correction.Report.Entries.Should().OnlyContain(entry => !entry.IsCorrected);
        correction.Report.Entries.Select(entry => (entry.Layer, entry.What)).Should().Equal(
            ("a", "the output of 'twice' goes to 'add' too"),
            ("b", "'shared' is used in several places"),
            ("c", "'shared' is used in several places"),
            ("d", "it follows 'relu' (relu), which is no convolution or linear layer"),
            ("e", "its channels are not the features of 'rows', whose output is [2,3,8]"));
        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void A_batch_normalisation_of_infinite_statistics_is_left_alone()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        var graph = ModelCapture.Graph(model, Networks.Images(2).Input);
        Norms(model).First().running_mean!.fill_(double.PositiveInfinity);

        using var correction = BatchNormFolding.Apply(model, graph);

        correction.Report.LeftAlone.Single().ToString().Should().Be(
            "bn1: left alone: its parameters or statistics are not all finite");
    }

    [Fact]
    public void In_an_attached_network_quantizers_of_weights_start_anew_and_undo_brings_back_their_state()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(SmallResNet));
        using var owned = model;
        var options = new QuantizationOptions { Weights = new LsqOptions(), WeightBits = BitWidthChoice.Fixed(4) };
        using var quantized = QuantizedModel.Attach(model, input, options);
        quantized.Calibrate([input]);
        using var inFloat = quantized.InFloat();
        var (state, before) = (Bits.OfState(model), Evaluate(model, input));
        model.train();

        using (BatchNormFolding.Apply(quantized, input))
        {
            var stem = (LsqQuantizer)quantized.Layers[0].WeightQuantizer;
            var mean = model.get_parameter("stem.0.weight")!.abs().mean().item<float>();
            stem.UnitStep.item<float>().Should().BeApproximately(2 * mean, 1e-6f, "it starts from the folded weight");
            TrainedState.Difference(Evaluate(model, input), before).Should().BeLessThan(1e-5);
            model.train();
        }

        Bits.OfState(model).ShouldEqual(state);
        model.named_modules().Should().OnlyContain(m => m.module.training);
    }

    [Fact]
    public void At_four_bits_per_tensor_folding_spread_slopes_costs_accuracy_and_per_channel_it_does_not()
    {
        using var scope = NewDisposeScope();
        double Error(Granularity granularity, bool folds)
        {
            manual_seed(5);
            using var model = Networks.Convolutional(dropout: 0);
            TrainedState.Pretend(model, spread: 40);
            using (no_grad())
            {
                // What a channel with a small slope says is as important as what the others say.
                var norm = Norms(model).First();
                model.get_parameter("conv2.weight")!.div_((norm.weight! / norm.running_var!.sqrt()).reshape(1, -1, 1, 1));
            }

            var input = Networks.Images(16).Input;
            var expected = Evaluate(model, input);
            var options = new QuantizationOptions
            {
                Weights = new AffineOptions { Granularity = granularity },
                Rules =
                [
                    LayerRule.Named("conv1").With(weights: BitWidthChoice.Fixed(4), activations: BitWidthChoice.Unquantized),
                    LayerRule.Named("*").InFloat(),
                ],
            };
            using var quantized = QuantizedModel.Attach(model, input, options);
            using var correction = folds ? BatchNormFolding.Apply(quantized, input) : null;
            return TrainedState.Difference(Evaluate(model, input), expected);
        }

        var (plain, folded) = (Error(Granularity.PerTensor, folds: false), Error(Granularity.PerTensor, folds: true));
        folded.Should().BeGreaterThan(2 * plain);
        var (plainChannels, foldedChannels) = (Error(Granularity.PerChannel(), folds: false), Error(Granularity.PerChannel(), folds: true));
        foldedChannels.Should().BeApproximately(plainChannels, 0.1 * plainChannels, "a scale for each channel takes the slope in");
    }

    [Fact]
    public void In_training_mode_folded_batch_normalisation_keeps_its_statistics_until_undo()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(SmallResNet));
        using var owned = model;
        var before = Evaluate(model, input);
        using (var correction = BatchNormFolding.Apply(model, input))
        {
            var folded = Bits.OfState(model);
            model.train();
            TrainedState.Difference(model.call(input), before).Should().BeLessThan(1e-5);
            model.named_modules().Should().OnlyContain(m => m.module.training);
            Bits.OfState(model).ShouldEqual(folded);
            var reestimate = () => BatchNormStatistics.Reestimate(model, [input]);
            reestimate.Should().Throw<ArgumentException>().WithMessage("*no batch reached*");
            Bits.OfState(model).ShouldEqual(folded);
        }

        model.call(input);
        Norms(model).First().num_batches_tracked!.item<long>().Should().Be(1, "undone, it takes those of the batch again");
    }

    [Fact]
    public void A_folded_network_that_was_loaded_is_folded_again_at_no_change()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(SmallResNet));
        using var owned = model;
        BatchNormFolding.Apply(model, input).Keep();
        using var loaded = new SmallResNet();
        loaded.load_state_dict(model.state_dict());
        var before = Evaluate(loaded, input);

        using var again = BatchNormFolding.Apply(loaded, input);

        loaded.train();
        TrainedState.Difference(loaded.call(input), before).Should().BeLessThan(1e-5);
    }

    [Fact]
    public void What_is_kept_stays_and_what_is_undone_twice_is_undone_once()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(Networks.Convolutional));
        using var owned = model;
        var correction = BatchNormFolding.Apply(model, input);
        correction.Keep();
        var folded = Bits.OfState(model);

        correction.Dispose();

        Bits.OfState(model).ShouldEqual(folded);
    }

    [Fact]
    public void The_graph_of_another_model_and_a_baked_model_are_refused_before_anything_changes()
    {
        using var scope = NewDisposeScope();
        var (model, input) = Create(nameof(Networks.Convolutional));
        using var owned = model;
        using var other = new SmallResNet();
        using var wider = nn.Sequential(("conv1", nn.Conv2d(3, 7, 3)), ("bn1", nn.BatchNorm2d(7)));
        var state = Bits.OfState(model);

        var foreign = () => BatchNormFolding.Apply(model, ModelCapture.Graph(other, input));
        foreign.Should().Throw<ArgumentException>().WithMessage("*no such module*another model*");
        var wide = () => BatchNormFolding.Apply(model, ModelCapture.Graph(wider, input));
        wide.Should().Throw<ArgumentException>().WithMessage("*'conv1' is [7,3,3,3]*[6,3,3,3]*another model*");
        Bits.OfState(model).ShouldEqual(state);

        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        var correction = BatchNormFolding.Apply(quantized, input);
        quantized.Bake();
        var undo = correction.Dispose;
        undo.Should().Throw<InvalidOperationException>().WithMessage("*baked since*Keep()*");
        correction.Keep();
        var late = () => BatchNormFolding.Apply(quantized, input);
        late.Should().Throw<InvalidOperationException>().WithMessage("*before Bake()*");
    }

    private static IEnumerable<BatchNorm> Norms(nn.Module model) => model.named_modules().Select(m => m.module).OfType<BatchNorm>();

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
            _ => Networks.Convolutional(),
        };
        TrainedState.Pretend(model);
        return (model, name is "resnet18" or "mobilenet_v2" ? randn(2, 3, 32, 32) : Networks.Images(4).Input);
    }
}
