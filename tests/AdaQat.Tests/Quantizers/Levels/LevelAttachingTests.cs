using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>Few and uneven levels in models: every kind of layer, baking, detaching, moving, checkpoints, learning.</summary>
public sealed class LevelAttachingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void On_every_kind_of_layer_gradients_arrive_and_codes_agree(string name)
    {
        var form = LevelFamilies.Of(name);
        foreach (var (layer, shape) in Layers())
        {
            using var model = nn.Sequential(("layer", layer));
            var input = rand(shape) + 0.1;
            using var quantized = QuantizedModel.Attach(model, input, LevelFamilies.Scheme(name, form.Most));

            model.call(input).square().sum().backward();

            var attached = quantized.Layers[0];
            attached.WeightQuantizer.IsCalibrated.Should().BeTrue();
            attached.ActivationQuantizer.IsCalibrated.Should().BeTrue();
            quantized.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.grad, null) || !p.requires_grad);
            model.get_parameter("layer.weight")!.grad!.ne(0).any().item<bool>().Should().BeTrue("{0} on {1}", name, attached.Kind);
            var weight = model.get_parameter("layer.weight")!;
            CodeAgreement.Check(attached.WeightQuantizer, weight.detach(), $"{name}, weight of {attached.Kind}");
            CodeAgreement.Check(attached.ActivationQuantizer, input, $"{name}, input of {attached.Kind}");
        }
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void Baking_computes_the_same_to_the_bit_and_detaching_leaves_the_model_as_it_was(string name)
    {
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(4);
        var names = model.state_dict().Keys.ToList();
        using var quantized = QuantizedModel.Attach(model, input, LevelFamilies.Scheme(name));
        nn.functional.cross_entropy(model.call(input), target).backward();
        model.eval();
        using var before = model.call(input);

        quantized.Bake();

        using var after = model.call(input);
        Bits.Of(after).Should().Equal(Bits.Of(before));
        quantized.Detach();
        model.state_dict().Keys.Should().Equal(names);
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void A_model_moved_to_another_type_trains_there(string name)
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.BFloat16 })
        {
            using var model = Networks.Linear();
            var (input, target) = Networks.Rows(8);
            using var quantized = QuantizedModel.Attach(model, input, LevelFamilies.Scheme(name));
            model.call(input).Dispose();

            model.to(type);
            using var loss = nn.functional.cross_entropy(model.call(input.to(type)), target);
            loss.backward();

            loss.dtype.Should().Be(type);
            quantized.Parameters().Where(p => p.requires_grad).Should().OnlyContain(
                p => p.dtype == type && p.grad!.isfinite().all().item<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void A_resumed_run_is_the_uninterrupted_one_to_the_bit(string name)
    {
        var options = new TrainerOptions { Epochs = 2, CheckpointPath = _folder.In("run.ckpt") };
        Dictionary<string, byte[]> expected;
        using (var whole = new TrainerRun(options, scheme: LevelFamilies.Scheme(name)))
        {
            whole.Trainer.Fit(new Batches(14, 4));
            expected = whole.Everything();
        }

        using (var first = new TrainerRun(options, scheme: LevelFamilies.Scheme(name)))
        {
            first.FitUntil(3, new Batches(14, 4));
        }

        using var second = new TrainerRun(options, scheme: LevelFamilies.Scheme(name), seed: 99);
        second.Trainer.Resume(options.CheckpointPath!);
        second.Trainer.Fit(new Batches(14, 4));

        second.Everything().ShouldEqual(expected);
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.OfSeveralWidths), MemberType = typeof(LevelFamilies))]
    public void A_saved_state_computes_what_was_trained_at_the_width_that_was_learned(string name)
    {
        manual_seed(1);
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(8);
        using var quantized = QuantizedModel.Attach(model, input, LevelFamilies.Scheme(name));
        quantized.Widths[0].Descend(1);
        nn.functional.cross_entropy(model.call(input), target).backward();
        model.eval();
        var state = model.state_dict().ToDictionary(e => e.Key, e => e.Value.clone());
        using var expected = model.call(input);

        using var other = new SmallResNet();
        using var attached = QuantizedModel.Attach(other, input, LevelFamilies.Scheme(name));
        other.load_state_dict(state);
        other.eval();

        using var actual = other.call(input);
        Bits.Of(actual).Should().Equal(Bits.Of(expected));
        attached.Widths[0].Bits.Should().Be(quantized.Widths[0].Bits);
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.OfSeveralWidths), MemberType = typeof(LevelFamilies))]
    public void A_learned_width_moves_and_probes_leave_no_trace(string name)
    {
        manual_seed(2);
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(16);
        using var quantized = QuantizedModel.Attach(model, input, LevelFamilies.Scheme(name));
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact with { Lambda = 0.5, LearningRate = 0.2 });
        var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();
        var (state, random) = (Bits.OfState(model), Bits.OfRandomState());
        var start = quantized.Widths[0].Value;

        var step = widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target));

        step.Probes.Should().ContainSingle().Which.NeighbourLoss.Should().NotBe(step.Loss);
        quantized.Widths[0].Value.Should().NotBe(start);
        Bits.OfRandomState().Should().Equal(random);
        var after = Bits.OfState(model);
        after.Keys.Where(k => !k.EndsWith("width_bits", StringComparison.Ordinal) && !after[k].AsSpan().SequenceEqual(state[k]))
            .Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void Training_lowers_the_loss_while_widths_move(string name)
    {
        manual_seed(4);
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(32);
        using var quantized = QuantizedModel.Attach(model, input, LevelFamilies.Scheme(name));
        var widths = new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { Lambda = 0.05, LearningRate = 0.5 });
        using var weights = optim.Adam(quantized.Parameters(), 0.01);
        var (losses, values) = (new List<double>(), new List<double>());
        for (var i = 0; i < 40; i++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(input), target);
            loss.backward();
            widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target));
            weights.step();
            losses.Add(loss.item<float>());
            values.AddRange(quantized.Widths.Select(w => w.Value));
        }

        losses.TakeLast(5).Average().Should().BeLessThan(0.7 * losses.Take(3).Average(), name);
        if (quantized.Widths.Count > 0)
        {
            values.Should().Contain(v => v != 4, name);
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<(nn.Module<Tensor, Tensor> Layer, long[] Input)> Layers() =>
    [
        (nn.Linear(6, 4), [3, 6]),
        (nn.Conv1d(4, 6, 3), [2, 4, 8]),
        (nn.Conv2d(4, 6, 3), [2, 4, 6, 6]),
        (nn.Conv2d(4, 8, 3, groups: 2), [2, 4, 6, 6]),
        (nn.Conv2d(4, 4, 3, groups: 4), [2, 4, 6, 6]),
        (nn.Conv3d(2, 4, 3), [1, 2, 4, 4, 4]),
        (nn.ConvTranspose2d(4, 6, 3, stride: 2), [2, 4, 5, 5]),
        (nn.ConvTranspose2d(4, 6, 3, groups: 2), [2, 4, 5, 5]),
    ];
}
