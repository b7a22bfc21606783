using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Uniform;

/// <summary>The uniform families in a model: they train, their widths are learned, saved, baked and taken off like the others.</summary>
public sealed class UniformTrainingTests
{
    public static TheoryData<string> Families => UniformFamilies.Names;

    [Theory]
    [MemberData(nameof(Families))]
    public void The_loss_of_a_small_ResNet_falls_and_its_widths_move(string family)
    {
        manual_seed(1);
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(32);
        using var quantized = QuantizedModel.Attach(model, input, UniformFamilies.Scheme(family));
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact with { LearningRate = 0.08, Lambda = 0.15 });
        using var weights = optim.SGD(quantized.Parameters(), 0.05, momentum: 0.9);
        var losses = new List<double>();

        for (var i = 0; i < 40; i++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(input), target);
            loss.backward();
            losses.Add(widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target)).Loss);
            weights.step();
        }

        losses.TakeLast(3).Average().Should().BeLessThan(losses.Take(3).Average() / 1.5, "of {0}", string.Join(" ", losses));
        quantized.Layers.Select(l => l.WeightBits).Concat(quantized.Layers.Select(l => l.ActivationBits)).Where(w => w.IsLearned)
            .Should().NotBeEmpty().And.OnlyContain(w => w.IsInferred ? w.Value < 8 : w.Bits < 8);
        model.parameters().Should().OnlyContain(p => Near.Numbers(p).All(double.IsFinite));
    }

    [Theory]
    [MemberData(nameof(UniformFamilies.Probed), MemberType = typeof(UniformFamilies))]
    public void A_probe_of_a_lower_width_changes_the_loss_and_nothing_of_the_state(string family)
    {
        manual_seed(2);
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(8);
        using var quantized = QuantizedModel.Attach(model, input, UniformFamilies.Scheme(family) with
        {
            WeightBits = BitWidthChoice.Learned(start: 3),
            ActivationBits = BitWidthChoice.Learned(start: 3),
        });
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact with { LearningRate = 1e-9 });
        using var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();
        var (before, gradients) = (Bits.OfState(model), Bits.OfGradients(model));

        var step = widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target));

        step.Probes.Should().HaveCount(2).And.OnlyContain(p => p.NeighbourLoss != step.Loss);
        Bits.OfState(model).ShouldEqual(before);
        Bits.OfGradients(model).ShouldEqual(gradients);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_run_resumed_is_the_run_uninterrupted_to_the_bit(string family)
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { Epochs = 2, CheckpointPath = Path.Combine(folder.Path, "run.ckpt") };
        Dictionary<string, byte[]> expected;
        using (var whole = Run(options))
        {
            whole.Trainer.Fit(new Batches(14, 4));
            expected = whole.Everything();
        }

        using (var first = Run(options))
        {
            first.FitUntil(3, new Batches(14, 4));
        }

        using var second = Run(options, seed: 99);
        second.Trainer.Resume(options.CheckpointPath);
        second.Trainer.Fit(new Batches(14, 4));

        second.Everything().ShouldEqual(expected);

        TrainerRun Run(TrainerOptions run, long seed = 3) => new(run, scheme: UniformFamilies.Scheme(family), seed: seed);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_state_that_is_loaded_or_baked_computes_the_same_to_the_bit(string family)
    {
        manual_seed(4);
        var (input, target) = Networks.Images(8);
        var scheme = UniformFamilies.Scheme(family) with { WeightBits = BitWidthChoice.Fixed(4), ActivationBits = BitWidthChoice.Fixed(3) };
        using var model = new SmallResNet();
        using var quantized = QuantizedModel.Attach(model, input, scheme);
        using var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();
        model.eval();
        using var expected = model.call(input);
        using var other = new SmallResNet();
        using var second = QuantizedModel.Attach(other, input, scheme);

        other.load_state_dict(model.state_dict());
        other.eval();
        using var loaded = other.call(input);
        quantized.Bake();
        using var baked = model.call(input);

        Bits.Of(loaded).Should().Equal(Bits.Of(expected));
        Bits.Of(baked).Should().Equal(Bits.Of(expected));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Detaching_leaves_the_model_as_it_was(string family)
    {
        using var model = new SmallResNet();
        var (input, _) = Networks.Images(4);
        model.eval();
        var before = Bits.OfState(model);
        using var expected = model.call(input);
        using (QuantizedModel.Attach(model, input, UniformFamilies.Scheme(family)))
        {
            model.call(input).Dispose();
        }

        Bits.OfState(model).ShouldEqual(before);
        using var output = model.call(input);
        Bits.Of(output).Should().Equal(Bits.Of(expected));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Layers_of_every_kind_get_gradients_in_every_type_and_without_rows_nothing_happens(string family)
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16 })
        {
            using var scope = NewDisposeScope();
            using var model = nn.Sequential(
                nn.Conv2d(3, 8, 3, padding: 1), nn.ReLU(), nn.Conv2d(8, 8, 3, groups: 8), nn.Hardswish(), nn.Conv2d(8, 8, 3, groups: 2),
                nn.ReLU(), nn.ConvTranspose2d(8, 4, 2, stride: 2), nn.Tanh(), nn.ConvTranspose2d(4, 6, 2, stride: 2, groups: 2),
                nn.Flatten(), nn.Linear(6 * 16 * 16, 5));
            var input = Networks.Images(2).Input;
            using var quantized = QuantizedModel.Attach(model, input, UniformFamilies.Scheme(family) with { LastLayerBits = null });
            model.to(type);

            var output = model.call(input.to(type));
            output.square().mean().backward();

            quantized.Layers.Should().HaveCount(6);
            output.dtype.Should().Be(type);
            Near.Numbers(output).Should().OnlyContain(v => double.IsFinite(v));
            model.named_parameters().Should().OnlyContain(
                p => !ReferenceEquals(p.parameter.grad, null) && Near.Numbers(p.parameter.grad!).All(double.IsFinite));
            quantized.ModelParameters().Should().OnlyContain(p => Near.Numbers(p.grad!).Any(g => g != 0));
            model.call(zeros([0, 3, 8, 8], dtype: type)).shape.Should().Equal(0, 5);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_weight_of_zeros_gives_zeros_and_a_gradient(string family)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2));
        var input = Make.Random(18, ScalarType.Float32).reshape(3, 6);
        using var quantized = QuantizedModel.Attach(model, input, UniformFamilies.Scheme(family));
        using (no_grad())
        {
            model.get_parameter("0.weight")!.zero_();
            // One channel of zeros among others.
            model.get_parameter("2.weight")![0] = 0;
        }

        model.call(input).square().sum().backward();

        Near.Numbers(quantized.Layers[0].QuantizedWeight()).Should().OnlyContain(v => v == 0);
        Near.Numbers(quantized.Layers[1].QuantizedWeight()).Take(4).Should().OnlyContain(v => v == 0);
        Near.Numbers(quantized.Layers[1].QuantizedWeight()).Should().Contain(v => v != 0);
        quantized.ModelParameters().Should().OnlyContain(p => Near.Numbers(p.grad!).All(double.IsFinite));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_step_leaves_no_tensor_behind(string family)
    {
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, UniformFamilies.Scheme(family));
        using var weights = optim.SGD(quantized.Parameters(), 0.01);
        Step();
        Step();

        LiveTensors.LeftBy(Step).Should().Be(0);

        void Step()
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            nn.functional.cross_entropy(model.call(input), target).backward();
            weights.step();
        }
    }
}
