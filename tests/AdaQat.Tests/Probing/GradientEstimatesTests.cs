using AdaQat.Probing;
using static TorchSharp.torch;

namespace AdaQat.Tests.Probing;

/// <summary>What the backward pass says of a width: d + ½·B·d² for weights, the mean of d_i + ½·d_i² for activations.</summary>
public sealed class GradientEstimatesTests
{
    private const int Samples = 5;

    [Theory]
    [InlineData(4, 3)]
    [InlineData(2, 3)]
    [InlineData(4, 2, 2, 4, 8)]
    [InlineData(2, 6, 2, 6, 8)]
    public void The_estimates_are_the_formula_on_plain_autograds_gradients_per_bit(int bits, int neighbour, params int[] allowed)
    {
        var choice = allowed.Length == 0 ? BitWidthChoice.Learned(bits) : BitWidthChoice.Learned(allowed, bits);
        using var run = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))), choice: choice);
        var expected = Formula(run, bits, neighbour);

        var probes = run.Step(Squared).Probes;

        probes.Should().HaveCount(4);
        foreach (var probe in probes)
        {
            probe.Estimate.Should().BeApproximately(expected[probe.Width.Name], 1e-12, probe.Width.Name);
            expected[probe.Width.Name].Should().NotBe(0);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(2)]
    public void Where_the_loss_is_linear_in_it_a_small_estimate_is_the_measured_difference(int bits)
    {
        using var run = new Run(() => nn.Sequential(("fc", nn.Linear(3, 2))), bits);

        ShouldBeMeasured(run);
    }

    [Fact]
    public void What_is_not_measured_moves_by_the_corrected_estimate()
    {
        using var run = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))));

        var probes = run.Step(Squared).Probes;

        var pair = probes.Single(p => p.IsMeasured);
        var correction = EstimateCorrection.None.With(isOfWeights: true, pair.Estimate!.Value, pair.Difference);
        pair.Width.Name.Should().EndWith("weights");
        foreach (var probe in probes.Where(p => !p.IsMeasured))
        {
            var isOfWeights = probe.Width.Name.EndsWith("weights", StringComparison.Ordinal);
            probe.Difference.Should().BeApproximately(correction.Correct(isOfWeights, probe.Estimate!.Value), 1e-12);
            probe.Neighbour.Should().Be(3);
        }
    }

    [Fact]
    public void An_input_without_a_batch_counts_as_one_sample()
    {
        using var vector = tensor([0.3, -1.2, 0.7], dtype: ScalarType.Float64);
        using var run = new Run(() => nn.Sequential(("fc", nn.Linear(3, 2))), input: vector);
        static Tensor Sum(Tensor output) => output.sum();

        var d = run.Measure(Sum)["fc.activations"];
        var estimate = run.Step(Sum).Probes.Single(p => p.Width.Name == "fc.activations").Estimate;

        // The loss is linear in the input, so that the measured difference, downwards, is −d.
        estimate.Should().BeApproximately(-(-d + (0.5 * d * d)), 1e-12);
    }

    [Fact]
    public void A_layer_called_outside_a_forward_of_the_model_adds_nothing()
    {
        using var alone = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))));
        using var disturbed = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))));
        var expected = alone.Step(Squared).Probes.Select(p => p.Estimate).ToList();

        using var loss = disturbed.Loss(Squared);
        loss.backward();
        ((nn.Module<Tensor, Tensor>)disturbed.Model.named_children().First().module).call(disturbed.Input).sum().backward();

        disturbed.Optimizer.Step(loss, () => disturbed.Loss(Squared)).Probes.Select(p => p.Estimate).Should().Equal(expected);
    }

    [Fact]
    public void However_large_an_estimate_it_moves_a_width_by_one_bit_at_most()
    {
        using var run = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))), bits: 5, rate: 1e9);

        var probes = run.Step(Squared).Probes;

        probes.Where(p => !p.IsMeasured).Should().HaveCount(3).And.OnlyContain(p => Math.Abs(p.Width.Value - 5) == 1);
        probes.Single(p => p.IsMeasured).BitsAfter.Should().BeOneOf([2, 8], "a measured one goes where the method says");
    }

    [Fact]
    public void A_layer_called_twice_adds_up()
    {
        using var run = new Run(() =>
        {
            var fc = nn.Linear(3, 2);
            return new Lambda(x => fc.call(x) + fc.call(x * 1.7), ("fc", fc));
        });

        ShouldBeMeasured(run);
    }

    [Fact]
    public void An_input_that_two_layers_share_is_estimated_once_with_the_gradient_of_both()
    {
        using var run = new Run(() =>
        {
            var (a, b) = (nn.Linear(3, 2), nn.Linear(3, 2));
            return new Lambda(x => a.call(x) - (0.3 * b.call(x)), ("a", a), ("b", b));
        });

        run.Quantized.Widths.Should().HaveCount(3);
        ShouldBeMeasured(run);
    }

    [Fact]
    public void A_width_that_several_layers_share_is_estimated_as_a_whole()
    {
        using var run = new Run(
            () =>
            {
                var (a, b) = (nn.Linear(3, 2), nn.Linear(3, 2));
                return new Lambda(x => a.call(x) + b.call(x * 0.5), ("a", a), ("b", b));
            },
            sharing: WidthSharing.Network);

        run.Quantized.Widths.Should().HaveCount(2);
        ShouldBeMeasured(run);
    }

    [Fact]
    public void The_second_order_term_of_a_weight_grows_with_the_batch()
    {
        // d + ½·B·d² for a loss whose d is known from one too small for the square to count.
        using var run = new Run(() => nn.Sequential(("fc", nn.Linear(3, 2))));
        var small = run.Step(x => Linear(x) * 1e-7).Probes.ToDictionary(p => p.Width.Name, p => p.Estimate!.Value / 1e-7);
        var large = run.Step(x => Linear(x) * 1e3).Probes.ToDictionary(p => p.Width.Name, p => p.Estimate!.Value / 1e3);

        var first = -small["fc.weights"];
        (-large["fc.weights"] - first).Should().BeApproximately(0.5 * Samples * 1e3 * first * first, 1e-3);
    }

    [Fact]
    public void What_comes_back_to_the_weights_is_to_the_bit_what_it_is_without_estimates()
    {
        var (with, without) = (Backward(estimates: true), Backward(estimates: false));

        with.Gradients.ShouldEqual(without.Gradients);
        with.State.ShouldEqual(without.State);
        with.Random.Should().Equal(without.Random);

        static (Dictionary<string, byte[]> Gradients, Dictionary<string, byte[]> State, byte[] Random) Backward(bool estimates)
        {
            manual_seed(4);
            using var model = Networks.Convolutional();
            var (input, target) = Networks.Images(6);
            using var quantized = QuantizedModel.Attach(model, input, Schemes.PerLayer);
            var optimizer = new BitWidthOptimizer(quantized, Estimating with { EstimatesFromBackward = estimates });
            for (var i = 0; i < 2; i++)
            {
                using var loss = Loss();
                loss.backward();
                optimizer.Step(loss, Loss).Probes.Should().HaveCount(estimates ? 6 : 1);
            }

            return (Bits.OfGradients(model), Bits.OfState(model), Bits.OfRandomState());

            Tensor Loss() => nn.functional.cross_entropy(model.call(input), target);
        }
    }

    [Fact]
    public void A_quantizer_is_called_in_the_backward_pass_of_steps_that_estimate_and_in_no_other()
    {
        var scheme = new RoundingScheme { FirstLayerBits = null, LastLayerBits = null, WeightSharing = WidthSharing.Layer };
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        using var quantized = QuantizedModel.Attach(model, input, scheme);
        var optimizer = new BitWidthOptimizer(quantized, Estimating with { ProbeInterval = 3 });
        var calls = new List<int>();
        for (var step = 0; step < 6; step++)
        {
            var before = scheme.Made["fc1"].Calls;
            using var loss = model.call(input).square().mean();
            loss.backward();
            calls.Add(scheme.Made["fc1"].Calls - before);
            optimizer.Step(loss, () => model.call(input).square().mean());
        }

        calls.Should().Equal(1, 1, 2, 1, 1, 2);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void However_many_layers_there_are_a_step_takes_two_forwards_and_moves_every_width(int layers)
    {
        using var model = nn.Sequential(Enumerable.Range(0, layers).Select(i => ($"fc{i}", (nn.Module<Tensor, Tensor>)nn.Linear(4, 4))));
        using var input = randn(6, 4);
        using var quantized = QuantizedModel.Attach(model, input, Schemes.PerLayer);
        var optimizer = new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { ProbeInterval = 1, LearningRate = 0.01 });
        using var loss = model.call(input).square().mean();
        loss.backward();
        var points = new List<int>();

        var probes = optimizer.Step(loss, () =>
        {
            points.Add(quantized.Widths.Sum(w => w.Bits));
            return model.call(input).square().mean();
        }).Probes;

        var full = quantized.Widths.Count * 8;
        points.Should().Equal([full, full - 1, full - 1], "the first step asks for the loss it knows, and probes twice");
        probes.Select(p => p.Width).Should().Equal(quantized.Widths);
        probes.Count(p => p.IsMeasured).Should().Be(2);
        quantized.Widths.Should().HaveCount(2 * layers).And.OnlyContain(w => w.Value < 8);
    }

    [Fact]
    public void A_pair_of_widths_is_measured_whole_and_costs_no_estimate()
    {
        using var run = new Run(() => nn.Sequential(("fc", nn.Linear(3, 2))), probes: 2);

        run.Step(Squared).Probes.Should().HaveCount(2).And.OnlyContain(p => p.IsMeasured && p.Estimate == null);
    }

    [Fact]
    public void Without_a_backward_pass_widths_are_measured_round_robin()
    {
        using var run = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))));

        var probes = Enumerable.Range(0, 4).Select(_ =>
        {
            using var loss = run.Loss(Squared);
            return run.Optimizer.Step(loss, () => run.Loss(Squared)).Probes.Single();
        }).ToList();

        probes.Select(p => p.Width).Should().OnlyHaveUniqueItems();
        probes.Should().OnlyContain(p => p.IsMeasured);
    }

    [Fact]
    public void An_estimate_that_is_no_number_is_refused_by_width_and_nothing_changes()
    {
        using var run = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))));
        run.Step(Squared);
        var before = run.Optimizer.Snapshot();

        // The root of zero is zero, its slope is not a number.
        run.Invoking(r => r.Step(x => (x * 0).sum().sqrt())).Should().Throw<NonFiniteLossException>()
            .WithMessage("The estimated difference of '*' is NaN in step 2:*");

        run.Optimizer.Snapshot().Should().BeEquivalentTo(before);
        run.Step(Squared).Probes.Should().HaveCount(4);
    }

    [Fact]
    public void An_error_of_a_quantizer_in_the_backward_pass_arrives_from_the_step()
    {
        using var run = new Run(() => nn.Sequential(("fc", nn.Linear(3, 2))), scheme: new BreakingScheme());
        using var loss = run.Loss(Squared);
        loss.backward();

        // A closure that meets no quantizer: only the backward pass has met the one that throws.
        run.Invoking(r => r.Optimizer.Step(loss, () => loss.detach().clone())).Should().Throw<InvalidOperationException>()
            .WithMessage("not at 3 bits");

        run.Optimizer.Steps.Should().Be(0);
        run.Quantized.Widths.Should().OnlyContain(w => w.Bits == 4);
    }

    [Fact]
    public void No_tensor_is_left_by_steps_that_estimate()
    {
        using var run = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))));
        Step();

        LiveTensors.LeftBy(() =>
        {
            Step();
            Step();
        }).Should().Be(0);

        void Step()
        {
            using var scope = NewDisposeScope();
            run.Step(Squared);
        }
    }

    [Fact]
    public void A_backward_pass_that_no_step_follows_is_forgotten_on_detaching()
    {
        using var run = new Run(() => nn.Sequential(("fc1", nn.Linear(3, 4)), ("fc2", nn.Linear(4, 2))));
        using (NewDisposeScope())
        {
            run.Step(Squared);
        }

        LiveTensors.LeftBy(() =>
        {
            using (NewDisposeScope())
            {
                run.Loss(Squared).backward();
            }

            run.Quantized.Detach();
        }).Should().BeLessThanOrEqualTo(0);
    }

    internal static BitWidthOptimizerOptions Estimating { get; } = new()
    {
        ProbeInterval = 1,
        MaximumProbesPerStep = 1,
        EstimatesFromBackward = true,
        LearningRate = 1e-12,
    };

    private static Tensor Squared(Tensor output) => output.square().sum() / output.shape[0];

    /// <summary>Linear in the output, the mean over samples; no two elements count alike.</summary>
    private static Tensor Linear(Tensor output)
    {
        using var scope = NewDisposeScope();
        var weights = arange(1, output.numel() + 1, dtype: ScalarType.Float64).reshape(output.shape);
        return ((output * weights).sum() / output.shape[0]).MoveToOuterDisposeScope();
    }

    private static void ShouldBeMeasured(Run run)
    {
        // So small a loss that its square vanishes.
        static Tensor Small(Tensor output) => Linear(output) * 1e-9;
        var measured = run.Measure(Small);

        var probes = run.Step(Small).Probes;

        probes.Should().HaveCount(run.Quantized.Widths.Count);
        foreach (var probe in probes)
        {
            var exact = measured[probe.Width.Name];
            exact.Should().NotBe(0);
            probe.Estimate.Should().BeApproximately(exact, Math.Abs(exact) * 1e-6, probe.Width.Name);
        }
    }

    /// <summary>
    /// Two linear layers by hand: gradients of leaves in place of the quantized tensors, and the differences that the neighbour would make.
    /// </summary>
    private static Dictionary<string, double> Formula(Run run, int bits, int neighbour)
    {
        using var scope = NewDisposeScope();
        var perBit = 1.0 / (neighbour - bits);
        var (fc1, fc2) = ((TorchSharp.Modules.Linear)run.Model.named_children().First().module,
            (TorchSharp.Modules.Linear)run.Model.named_children().Last().module);
        var x1 = Leaf(run.Input, bits);
        var w1 = Leaf(fc1.weight!, bits);
        var hidden = nn.functional.linear(x1, w1, fc1.bias!.detach());
        var x2 = RoundingScheme.Round(hidden, bits);
        x2.retain_grad();
        var w2 = Leaf(fc2.weight!, bits);
        Squared(nn.functional.linear(x2, w2, fc2.bias!.detach())).backward();
        return new Dictionary<string, double>
        {
            ["fc1.weights"] = perBit * OfWeight(w1.grad!, Delta(fc1.weight!)),
            ["fc1.activations"] = perBit * OfInput(x1.grad!, Delta(run.Input)),
            ["fc2.weights"] = perBit * OfWeight(w2.grad!, Delta(fc2.weight!)),
            ["fc2.activations"] = perBit * OfInput(x2.grad!, Delta(hidden)),
        };

        static Tensor Leaf(Tensor tensor, int bits) => RoundingScheme.Round(tensor.detach(), bits).requires_grad_();

        Tensor Delta(Tensor tensor) => RoundingScheme.Round(tensor.detach(), neighbour) - RoundingScheme.Round(tensor.detach(), bits);

        static double OfWeight(Tensor gradient, Tensor delta)
        {
            var d = (gradient * delta).sum().item<double>();
            return d + (0.5 * Samples * d * d);
        }

        static double OfInput(Tensor gradient, Tensor delta)
        {
            var d = Samples * (gradient * delta).sum(dim: 1);
            return (d + (0.5 * d * d)).mean().item<double>();
        }
    }

    /// <summary>A model in double precision whose widths all stand at the same bits.</summary>
    private sealed class Run : IDisposable
    {
        public Run(
            Func<nn.Module<Tensor, Tensor>> model, int bits = 4, WidthSharing sharing = WidthSharing.Layer, int probes = 1,
            RoundingScheme? scheme = null,
            double rate = 1e-300, BitWidthChoice? choice = null, Tensor? input = null)
        {
            manual_seed(8);
            Model = model();
            Model.to(ScalarType.Float64);
            Input = input ?? randn(Samples, 3, dtype: ScalarType.Float64);
            choice ??= BitWidthChoice.Learned(bits);
            Quantized = QuantizedModel.Attach(Model, Input, (scheme ?? new RoundingScheme()) with
            {
                WeightBits = choice,
                ActivationBits = choice,
                WeightSharing = sharing,
                ActivationSharing = sharing,
                FirstLayerBits = null,
                LastLayerBits = null,
            });
            Optimizer = new BitWidthOptimizer(Quantized, Estimating with { MaximumProbesPerStep = probes, LearningRate = rate });
        }

        public nn.Module<Tensor, Tensor> Model { get; }

        public Tensor Input { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Optimizer { get; }

        public Tensor Loss(Func<Tensor, Tensor> loss)
        {
            using var output = Model.call(Input);
            return loss(output);
        }

        public BitWidthStep Step(Func<Tensor, Tensor> loss)
        {
            Model.zero_grad();
            using var value = Loss(loss);
            value.backward();
            return Optimizer.Step(value, () => Loss(loss));
        }

        /// <summary>The differences that forwards show.</summary>
        public Dictionary<string, double> Measure(Func<Tensor, Tensor> loss)
        {
            using var guard = no_grad();
            using var here = Loss(loss);
            return Quantized.Widths.ToDictionary(w => w.Name, w =>
            {
                var neighbour = FiniteDifference.NeighbourOf(w, w.Bits);
                using var probe = w.At(neighbour);
                using var there = Loss(loss);
                return (here - there).item<double>() * (neighbour < w.Value ? 1 : -1);
            });
        }

        public void Dispose()
        {
            Quantized.Dispose();
            Model.Dispose();
            Input.Dispose();
        }
    }
}
