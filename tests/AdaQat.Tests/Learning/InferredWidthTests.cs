using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Learning;

/// <summary>Widths that quantizers infer: λ pushes on what they are inferred from, nothing probes them, and they settle.</summary>
public sealed class InferredWidthTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    private static QuantizationOptions Inferred { get; } = new()
    {
        Weights = new LearnedRangeOptions(),
        Activations = new LearnedRangeOptions(),
    };

    public static TheoryData<IHardwareCost> Costs => [new BitOpsCost(), new WeightBitsCost(), new ActivationBitsCost()];

    [Theory]
    [MemberData(nameof(Costs))]
    public void A_step_adds_to_the_gradients_those_of_lambda_times_the_cost(IHardwareCost cost)
    {
        using var run = new Run(Inferred, new BitWidthOptimizerOptions { Lambda = 0.3, Cost = cost });
        run.Train(steps: 3);
        var loss = run.Loss();
        loss.backward();
        var before = Gradients(run);

        // By hand: N = log₂(q/d + 1) + 1 or without the 1, at the integer widths of all others.
        var expected = run.Quantizers.ToDictionary(q => q.Width.Name, q =>
        {
            var (step, range) = (Near.Numbers(q.StepLog2!)[0], Near.Numbers(q.RangeLog2)[0]);
            var ratio = Math.Pow(2, range - step);
            var slope = cost.Derivative(LayerBits.InForce(run.Quantized.Profiles), q.Width);
            return q.Width.Value > q.Width.Minimum ? 0.3 * slope * ratio / (ratio + 1) : 0;
        });
        run.Widths.Step(loss, () => throw new InvalidOperationException("nothing is probed"));

        var after = Gradients(run);
        foreach (var name in expected.Keys)
        {
            var slope = expected[name];
            (after[name].Step - before[name].Step).Should().BeApproximately(-slope, 1e-5 * (1 + slope), "of the step of {0}", name);
            (after[name].Range - before[name].Range).Should().BeApproximately(slope, 1e-5 * (1 + slope), "of the range of {0}", name);
        }

        expected.Values.Should().Contain(slope => slope > 0);
    }

    [Fact]
    public void With_lambda_widths_fall_and_without_it_they_follow_the_loss_alone()
    {
        using var pushed = new Run(Inferred, new BitWidthOptimizerOptions { Lambda = 0.15 });
        using var free = new Run(Inferred, new BitWidthOptimizerOptions { Lambda = 0 });

        pushed.Train(steps: 120);
        free.Train(steps: 120);

        pushed.Quantized.Widths.Should().HaveCount(2).And.OnlyContain(w => w.IsInferred && w.Value < 5);
        free.Quantized.Widths.Should().OnlyContain(w => w.Value > 7);
        pushed.Quantized.Cost(new BitOpsCost()).Should().BeLessThan(free.Quantized.Cost(new BitOpsCost()));
    }

    [Fact]
    public void Nothing_is_probed_and_neither_pace_nor_closure_is_needed()
    {
        using var run = new Run(Inferred, new BitWidthOptimizerOptions());

        for (var i = 0; i < 25; i++)
        {
            var step = run.Step(() => throw new InvalidOperationException("never called"));
            step.Probes.Should().BeEmpty();
        }

        run.Widths.NextStepProbes.Should().BeFalse();
        run.Widths.AllFrozen.Should().BeFalse();
    }

    [Fact]
    public void A_width_at_its_minimum_is_not_pushed_and_rests_there_until_it_is_frozen()
    {
        using var run = new Run(
            Inferred with { WeightBits = BitWidthChoice.Learned(start: 2.05), ActivationBits = BitWidthChoice.Learned(start: 2.05) },
            new BitWidthOptimizerOptions { Lambda = 20, RestSteps = 30, ProbeInterval = 5 });

        run.Train(steps: 60);

        run.Quantized.Widths.Should().OnlyContain(w => w.Bits == 2 && w.IsFrozen && w.FreezeReason == FreezeReason.RestAtMinimum);
        run.Widths.AllFrozen.Should().BeTrue();
        var loss = run.Loss();
        loss.backward();
        var before = Gradients(run);
        run.Widths.Step(loss, () => throw new InvalidOperationException());
        Gradients(run).Should().Equal(before, "λ has nothing to push");
    }

    [Fact]
    public void A_width_that_was_pushed_to_its_minimum_climbs_back_where_the_loss_asks_for_it()
    {
        // One weight, whose only job is to be the values ±1 and ±⅓: two bits with a sign have three values.
        var weight = new TorchSharp.Modules.Parameter(Make.Tensor([1, -1, 0.34, -0.34], ScalarType.Float64));
        var width = BitWidth.Inferred("w");
        using var quantizer = MakeUniform.LearnedRange(width, stepLog2: 0, rangeLog2: 0, type: ScalarType.Float64);
        using var optimizer = optim.SGD(quantizer.parameters(), 0.5);
        for (var i = 0; i < 200; i++)
        {
            optimizer.zero_grad();
            (quantizer.call(weight) - weight.detach()).square().sum().backward();
            optimizer.step();
        }

        width.Value.Should().BeGreaterThan(2.5);
    }

    [Fact]
    public void Widths_that_still_move_are_final_at_half_of_the_run_or_at_the_step_that_is_given()
    {
        using var half = new Run(Inferred, new BitWidthOptimizerOptions { TotalSteps = 600 });
        using var given = new Run(Inferred, new BitWidthOptimizerOptions { TotalSteps = 600, FreezeStep = 7 });
        using var planned = new Run(Inferred, new BitWidthOptimizerOptions());
        planned.Widths.PlanRun(20);

        given.Train(steps: 6);
        given.Widths.AllFrozen.Should().BeFalse();
        given.Train(steps: 1);
        planned.Train(steps: 10);
        half.Train(steps: 10);

        foreach (var (run, step) in new[] { (given, 7), (planned, 10) })
        {
            run.Quantized.Widths.Should().OnlyContain(
                w => w.IsFrozen && w.FreezeReason == FreezeReason.Schedule && w.FrozenAtStep == step && w.Value == w.Bits);
        }

        half.Widths.AllFrozen.Should().BeFalse();
    }

    [Fact]
    public void A_width_that_swings_across_a_whole_number_is_frozen_at_the_larger()
    {
        using var run = new Run(Inferred, new BitWidthOptimizerOptions { Lambda = 0, OscillationThreshold = 3, ProbeInterval = 2 });
        run.Train(steps: 1);
        var quantizer = run.Quantizers.First();
        for (var i = 0; i < 40 && !quantizer.Width.IsFrozen; i++)
        {
            using (no_grad())
            {
                // 4.9 and 5.2 bits in turn.
                quantizer.StepLog2!.copy_(quantizer.RangeLog2 - Math.Log2(Math.Pow(2, i % 4 < 2 ? 3.9 : 4.2) - 1));
            }

            run.Train(steps: 1, moves: false);
        }

        (quantizer.Width.Bits, quantizer.Width.FreezeReason).Should().Be((6, FreezeReason.Oscillation));
    }

    [Fact]
    public void A_step_that_is_refused_leaves_no_gradient()
    {
        using var run = new Run(Inferred, new BitWidthOptimizerOptions { Cost = new UndefinedCost() });
        var loss = run.Loss();
        loss.backward();
        var before = Bits.OfGradients(run.Model);

        run.Widths.Invoking(w => w.Step(loss, () => loss)).Should().Throw<NonFiniteLossException>().WithMessage("*gradient of*");

        Bits.OfGradients(run.Model).ShouldEqual(before);
        run.Widths.Steps.Should().Be(0);
    }

    [Fact]
    public void A_cost_target_is_refused_by_name()
    {
        using var model = Networks.Linear();
        using var quantized = QuantizedModel.Attach(model, Networks.Rows(4).Input, Inferred);

        FluentActions.Invoking(() => new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { TargetBitOps = 1000 }))
            .Should().Throw<ArgumentException>().WithMessage("TargetBitOps is set, but 'fc2.weights' and 1 more are inferred widths*");
    }

    [Fact]
    public void Beside_inferred_widths_the_others_are_probed()
    {
        using var run = new Run(
            new QuantizationOptions { Weights = new LearnedRangeOptions() }, Schedules.Exact with { LearningRate = 0.1, Lambda = 0.15 });

        var steps = Enumerable.Range(0, 40).Select(_ => run.Step(run.Loss)).ToList();

        steps.Should().OnlyContain(s => s.Probes.Count == 1 && !s.Probes[0].Width.IsInferred);
        run.Quantized.Widths.Should().HaveCount(2).And.OnlyContain(w => w.Value < 8);
    }

    [Fact]
    public void Of_many_widths_only_those_are_estimated_that_no_quantizer_infers()
    {
        using var run = new Run(
            Schemes.PerLayer with { Weights = new LearnedRangeOptions() },
            Schedules.Economical with { ProbeInterval = 1, MaximumProbesPerStep = 1 });

        var probes = run.Step(run.Loss).Probes;

        probes.Should().HaveCount(3).And.OnlyContain(p => !p.Width.IsInferred && p.Estimate != null);
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var run = new Run(Inferred, new BitWidthOptimizerOptions());
        run.Train(steps: 3);

        LiveTensors.LeftBy(() => run.Train(steps: 1)).Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_step_to_freeze_in_that_is_none_is_refused(int step) =>
        new BitWidthOptimizerOptions { FreezeStep = step }.Invoking(o => o.Validate()).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("FreezeStep is *");

    public void Dispose() => _scope.Dispose();

    private static Dictionary<string, (double Step, double Range)> Gradients(Run run) => run.Quantizers.ToDictionary(
        q => q.Width.Name, q => (Number(q.StepLog2!.grad), Number(q.RangeLog2.grad)));

    private static double Number(Tensor? gradient) => gradient is null ? 0 : Near.Numbers(gradient)[0];

    /// <summary>A small network that learns the same batch again and again.</summary>
    private sealed class Run : IDisposable
    {
        private readonly TorchSharp.Modules.OptimizerHelper _weights;
        private readonly (Tensor Input, Tensor Target) _batch = Networks.Rows(32);

        public Run(QuantizationOptions scheme, BitWidthOptimizerOptions options)
        {
            manual_seed(1);
            Model = Networks.Linear();
            Quantized = QuantizedModel.Attach(Model, _batch.Input, scheme);
            Widths = new BitWidthOptimizer(Quantized, options);
            _weights = optim.SGD(Quantized.Parameters(), 0.05, momentum: 0.9);
        }

        public nn.Module<Tensor, Tensor> Model { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public IEnumerable<LearnedRangeQuantizer> Quantizers =>
            Quantized.Layers.SelectMany(l => new[] { l.WeightQuantizer, l.ActivationQuantizer }).OfType<LearnedRangeQuantizer>()
                .Where(q => q.Width.IsInferred);

        public Tensor Loss() => nn.functional.cross_entropy(Model.call(_batch.Input), _batch.Target);

        public BitWidthStep Step(Func<Tensor> closure, bool moves = true)
        {
            using var scope = NewDisposeScope();
            _weights.zero_grad();
            var loss = Loss();
            loss.backward();
            var step = Widths.Step(loss, closure);
            if (moves)
            {
                _weights.step();
            }

            return step;
        }

        public void Train(int steps, bool moves = true)
        {
            for (var i = 0; i < steps; i++)
            {
                Step(Loss, moves);
            }
        }

        public void Dispose()
        {
            _weights.Dispose();
            Quantized.Dispose();
            Model.Dispose();
        }
    }

    private sealed class UndefinedCost : IHardwareCost
    {
        public double Total(IReadOnlyList<LayerBits> layers) => 1;

        public double Loss(IReadOnlyList<LayerBits> layers) => 1;

        public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) => double.NaN;
    }
}
