using AdaQat.Quantizers;
using AdaQat.Quantizers.DoReFaGradients;
using AdaQat.Training;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Gradients;

/// <summary>DoReFa's quantized gradients: the formula, where they are applied, and what their noise follows from.</summary>
public sealed class GradientQuantizationTests : IDisposable
{
    private static readonly QuantizationOptions Options = new() { Gradients = new DoReFaGradientOptions { Bits = 3 } };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_formula_gives_NumPys_numbers_for_the_same_noise()
    {
        foreach (var expected in LevelFixtures.Instance.Gradients)
        {
            var gradient = Make.Tensor(expected.Gradient, expected.Dtype, expected.Shape);
            var noise = Make.Tensor(expected.Sigma, expected.Dtype, expected.Shape);

            var quantized = GradientOperators.Quantize(gradient, expected.Bits, expected.HasNoise ? noise : null);

            Near.CheckAsAWhole(quantized, expected.Output, expected.Dtype, expected.ToString());
        }
    }

    [Fact]
    public void There_are_two_to_the_k_values_a_sample_within_its_largest_magnitude() => Arbitrary.ForAll(
        from bits in Gen.Choose(1, 6) from values in Arbitrary.Values from seed in Gen.Choose(1, 1000) select (bits, values, seed), c =>
        {
            using var scope = NewDisposeScope();
            manual_seed(c.seed);
            var gradient = Make.Tensor(c.values, ScalarType.Float64, 1, c.values.Length);
            var quantized = Near.Numbers(GradientOperators.Quantize(gradient, c.bits, GradientNoise.For(gradient, GradientNoise.Seed())));
            var most = c.values.Max(Math.Abs);
            quantized.Should().OnlyContain(v => Math.Abs(v) <= most * (1 + 1e-12));
            quantized.Distinct().Should().HaveCountLessThanOrEqualTo(1 << c.bits);
            quantized.Zip(c.values).Should().OnlyContain(p => Math.Abs(p.First - p.Second) <= (2 * most / ((1 << c.bits) - 1)) + 1e-12);
        });

    [Fact]
    public void With_noise_the_mean_over_many_is_the_gradient_itself()
    {
        manual_seed(1);
        var gradient = cat([full([1, 1], 1.0), full([1, 200_000], 0.3)], 1);

        var quantized = GradientOperators.Quantize(gradient, 2, GradientNoise.For(gradient, GradientNoise.Seed()));

        quantized.narrow(1, 1, 200_000).mean().item<float>().Should().BeApproximately(0.3f, 0.005f);
        Near.Numbers(GradientOperators.Quantize(gradient, 2, null))[1].Should().BeApproximately(1 / 3.0, 1e-6);
    }

    [Fact]
    public void Off_by_default_and_on_for_all_layers_but_the_first_and_the_last()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        using (var plain = QuantizedModel.Attach(model, input, new QuantizationOptions()))
        {
            plain.Layers.Should().OnlyContain(l => l.Gradients == null);
        }

        using (var quantized = QuantizedModel.Attach(model, input, Options))
        {
            quantized.Layers.Select(l => (l.Gradients as DoReFaGradientOptions)?.Bits).Should().Equal(null, 3, null);
        }

        var all = Options with { Gradients = new DoReFaGradientOptions { IncludesFirstAndLast = true } };
        using var everywhere = QuantizedModel.Attach(model, input, all);
        everywhere.Layers.Select(l => (l.Gradients as DoReFaGradientOptions)?.Bits).Should().Equal(8, 8, 8);
    }

    [Fact]
    public void A_rule_quantizes_the_gradients_of_its_layers_its_own_way_or_not_at_all()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        var (five, eight) = (new DoReFaGradientOptions { Bits = 5 }, new DoReFaGradientOptions());
        Applied(Options with { Rules = [LayerRule.First.With(gradients: five)] }).Should().Equal([5, 3, null]);
        Applied(new QuantizationOptions { Rules = [LayerRule.Last.With(gradients: eight)] }).Should().Equal([null, null, 8]);
        Applied(Options with { Rules = [LayerRule.Where(l => !l.IsFirst && !l.IsLast).With(GradientOptions.None)] }).Should()
            .Equal([null, null, null]);
        // A rule that says nothing of gradients leaves them to the scheme.
        Applied(Options with { Rules = [LayerRule.Where(l => !l.IsFirst && !l.IsLast).Fixed(4)] }).Should().Equal([null, 3, null]);

        int?[] Applied(QuantizationOptions options)
        {
            using var quantized = QuantizedModel.Attach(model, input, options);
            return [.. quantized.Layers.Select(l => (l.Gradients as DoReFaGradientOptions)?.Bits)];
        }
    }

    [Fact]
    public void A_rule_of_gradients_for_layers_in_float_is_refused()
    {
        using var model = Networks.Linear();
        var rule = LayerRule.First.InFloat().With(new DoReFaGradientOptions());

        var attach = () => QuantizedModel.Attach(model, rand(2, 4), new QuantizationOptions { Rules = [rule] });

        attach.Should().Throw<ArgumentException>().WithMessage("Rule 'first layer' has DoReFaGradientOptions*leaves its layers in float*");
    }

    [Fact]
    public void A_users_own_quantizer_of_gradients_is_on_a_par()
    {
        var upstream = Make.Random(12, ScalarType.Float32, seed: 2).reshape(3, 4);
        var layer = nn.Linear(5, 4);
        var input = Make.Random(15, ScalarType.Float32).reshape(3, 5);
        using var model = nn.Sequential(("layer", layer));
        using var quantized = QuantizedModel.Attach(
            model, input, new QuantizationOptions { Gradients = new SignsOnly { IncludesFirstAndLast = true } });

        (model.call(input) * upstream).sum().backward();

        layer.bias!.grad!.allclose(upstream.sign().sum([0L]), 1e-6, 1e-6).Should().BeTrue();
    }

    [Theory]
    [InlineData(false, "gone wrong")]
    [InlineData(true, "SegmentedGradients made of a gradient [3,4] of Float32 one [12] of Float32.")]
    public void What_goes_wrong_in_a_users_quantizer_is_raised_by_the_next_forward(bool isReturned, string message)
    {
        var input = Make.Random(15, ScalarType.Float32).reshape(3, 5);
        using var model = nn.Sequential(("layer", nn.Linear(5, 4)));
        using var quantized = QuantizedModel.Attach(
            model, input, new QuantizationOptions { Gradients = new SegmentedGradients(isReturned) { IncludesFirstAndLast = true } });

        model.call(input).sum().backward();

        model.Invoking(m => m.call(input)).Should().Throw<Exception>()
            .Which.ToString().Should().Contain(message);
    }

    [Fact]
    public void A_layers_gradients_are_those_of_a_quantized_gradient_of_its_output()
    {
        var layer = nn.Linear(5, 4);
        var input = Make.Random(15, ScalarType.Float32).reshape(3, 5).requires_grad_();
        var upstream = Make.Random(12, ScalarType.Float32, seed: 2).reshape(3, 4);
        using var model = nn.Sequential(("layer", layer));
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Unquantized,
            ActivationBits = BitWidthChoice.Fixed(24),
            FirstLayerBits = null,
            LastLayerBits = null,
            Gradients = new DoReFaGradientOptions { Bits = 3, HasNoise = false, IncludesFirstAndLast = true },
        });

        (model.call(input) * upstream).sum().backward();

        var expected = GradientOperators.Quantize(upstream, 3, null);
        expected.allclose(upstream).Should().BeFalse();
        layer.weight!.grad!.allclose(expected.t().mm(input), 1e-3, 1e-4).Should().BeTrue();
        layer.bias!.grad!.allclose(expected.sum([0L]), 1e-5, 1e-6).Should().BeTrue();
        input.grad!.isfinite().all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_one_another()
    {
        Run(3).Should().Equal(Run(3));
        Run(3).Should().NotEqual(Run(4));

        static double[] Run(long seed)
        {
            using var model = new SmallResNet();
            using (var generator = new Generator(1))
            {
                foreach (var p in model.parameters())
                {
                    using var guard = no_grad();
                    p.copy_(randn(p.shape, generator: generator) * 0.2);
                }
            }

            var (input, target) = Networks.Images(8);
            using var quantized = QuantizedModel.Attach(model, input, Options);
            model.call(input).Dispose();
            manual_seed(seed);
            nn.functional.cross_entropy(model.call(input), target).backward();
            return [.. model.parameters().Where(p => p.grad is not null).SelectMany(p => Near.Numbers(p.grad!))];
        }
    }

    [Fact]
    public void Probes_leave_the_noise_of_later_steps_as_it_was()
    {
        Train(probes: true).ShouldEqual(Train(probes: false));

        static Dictionary<string, byte[]> Train(bool probes)
        {
            manual_seed(5);
            using var model = Networks.Convolutional();
            var (input, target) = Networks.Images(8);
            using var quantized = QuantizedModel.Attach(model, input, Options);
            using var weights = optim.SGD(quantized.Parameters(), 0.05);
            var widths = new BitWidthOptimizer(quantized, Schedules.Exact with { LearningRate = 1e-9 });
            for (var i = 0; i < 3; i++)
            {
                using var scope = NewDisposeScope();
                weights.zero_grad();
                var loss = nn.functional.cross_entropy(model.call(input), target);
                loss.backward();
                if (probes)
                {
                    widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target));
                }

                weights.step();
            }

            return Bits.OfState(model);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_resumed_run_is_the_uninterrupted_one_to_the_bit(int cut)
    {
        var options = new TrainerOptions { Epochs = 2, CheckpointPath = _folder.In("run.ckpt") };
        Dictionary<string, byte[]> expected;
        using (var whole = new TrainerRun(options, scheme: Options))
        {
            whole.Trainer.Fit(new Batches(14, 4));
            expected = whole.Everything();
        }

        using (var first = new TrainerRun(options, scheme: Options))
        {
            first.FitUntil(cut, new Batches(14, 4));
        }

        using var second = new TrainerRun(options, scheme: Options, seed: 99);
        second.Trainer.Resume(options.CheckpointPath!);
        second.Trainer.Fit(new Batches(14, 4));

        second.Everything().ShouldEqual(expected);
    }

    [Fact]
    public void A_checkpoint_of_other_gradients_is_refused_by_name()
    {
        var options = new TrainerOptions { Epochs = 2, CheckpointPath = _folder.In("run.ckpt") };
        using (var first = new TrainerRun(options, scheme: Options))
        {
            first.FitUntil(1, new Batches(14, 4));
        }

        foreach (var other in new[] { null, new DoReFaGradientOptions { Bits = 4 }, new DoReFaGradientOptions() })
        {
            using var second = new TrainerRun(options, scheme: Options with { Gradients = other });
            second.Trainer.Invoking(t => t.Resume(options.CheckpointPath!)).Should().Throw<CheckpointException>()
                .WithMessage("*setting 'conv2.gradients'*Bits = 3*");
        }
    }

    [Fact]
    public void A_run_without_it_is_not_resumed_with_it()
    {
        var options = new TrainerOptions { Epochs = 2, CheckpointPath = _folder.In("run.ckpt") };
        using (var first = new TrainerRun(options))
        {
            first.FitUntil(1, new Batches(14, 4));
        }

        using var second = new TrainerRun(options, scheme: new QuantizationOptions { Gradients = new DoReFaGradientOptions() });
        second.Trainer.Invoking(t => t.Resume(options.CheckpointPath!)).Should().Throw<CheckpointException>()
            .WithMessage("*setting 'conv2.gradients' is absent there*");
    }

    [Fact]
    public void Training_lowers_the_loss()
    {
        manual_seed(4);
        using var model = new SmallResNet();
        var (input, target) = Networks.Images(32);
        using var quantized = QuantizedModel.Attach(
            model, input, new QuantizationOptions { Gradients = new DoReFaGradientOptions { Bits = 6, IncludesFirstAndLast = true } });
        using var weights = optim.Adam(quantized.Parameters(), 0.01);
        var losses = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(input), target);
            loss.backward();
            weights.step();
            losses.Add(loss.item<float>());
        }

        losses.TakeLast(5).Average().Should().BeLessThan(0.7 * losses.Take(3).Average());
    }

    [Fact]
    public void Forwards_are_untouched_evaluations_too_and_nothing_is_left_behind()
    {
        using var model = Networks.Convolutional(dropout: 0);
        var (input, target) = Networks.Images(4);
        byte[] plain;
        using (var without = QuantizedModel.Attach(model, input, new QuantizationOptions()))
        {
            plain = Bits.Of(model.call(input));
        }

        using var quantized = QuantizedModel.Attach(model, input, Options);
        Bits.Of(model.call(input)).Should().Equal(plain);
        Step();

        LiveTensors.LeftBy(Step).Should().Be(0);

        void Step()
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            nn.functional.cross_entropy(model.call(input), target).backward();
            using var guard = no_grad();
            model.call(input).Dispose();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void Bits_outside_what_is_allowed_are_refused(int bits)
    {
        using var model = Networks.Linear();
        var attach = () => QuantizedModel.Attach(
            model, rand(2, 4), new QuantizationOptions { Gradients = new DoReFaGradientOptions { Bits = bits } });

        attach.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"DoReFaGradientOptions.Bits is {bits}; allowed are 1 to 16.*");
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stays_so_for_its_sample_alone()
    {
        var gradient = Make.Tensor([1, 2, double.NaN, 4, double.PositiveInfinity, 6], ScalarType.Float32, 3, 2);

        var quantized = Near.Numbers(GradientOperators.Quantize(gradient, 4, null));

        quantized.Take(2).Should().OnlyContain(v => double.IsFinite(v));
        quantized.Skip(2).Should().OnlyContain(v => !double.IsFinite(v));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private sealed record SignsOnly : GradientOptions
    {
        public override void Validate()
        {
        }

        protected internal override Tensor Quantize(Tensor gradient) => gradient.sign();
    }

    private sealed record SegmentedGradients(bool IsReturned) : GradientOptions
    {
        public override void Validate()
        {
        }

        protected internal override Tensor Quantize(Tensor gradient) =>
            IsReturned ? gradient.reshape(-1) : throw new InvalidOperationException("gone wrong");
    }
}
