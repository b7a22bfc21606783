using AdaQat.Training;

namespace AdaQat.Tests.Steering;

/// <summary>A target that cannot be met, or contradicts another option, is refused before anything starts.</summary>
public sealed class TargetRefusalTests
{
    public static TheoryData<BitWidthOptimizerOptions, string> Contradictions { get; } = new()
    {
        { new() { TargetBitOps = 9, TargetWeightBits = 9 }, "TargetBitOps and TargetWeightBits are set; allowed is one target.*" },
        { new() { TargetWeightBits = 9, Target = 9 }, "TargetWeightBits and Target are set; allowed is one target.*" },
        { new() { TargetBitOps = 9, Cost = new WeightBitsCost() },
            "TargetBitOps is set together with a Cost of WeightBitsCost, but it is counted by BitOpsCost;*" },
        { new() { TargetWeightBits = 9, Cost = new BitOpsCost() },
            "TargetWeightBits is set together with a Cost of BitOpsCost, but it is counted by WeightBitsCost;*" },
        { new() { TargetStep = 10 }, "TargetStep is 10, but there is no target to reach by then;*" },
        { new() { TargetBitOps = 0 }, "TargetBitOps is 0; allowed are finite numbers above 0.*" },
        { new() { Target = double.NaN }, "Target is NaN; allowed are*" },
        { new() { TargetWeightBits = double.PositiveInfinity }, "TargetWeightBits is Infinity; allowed are*" },
        { new() { TargetBitOps = 9, TargetStep = 0 }, "TargetStep is 0; allowed are 1 and more.*" },
        { new() { TargetBitOps = 9, Lambda = 0 }, "Lambda is 0; allowed are finite numbers above 0.*" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Options_that_contradict_each_other_are_refused_by_name(BitWidthOptimizerOptions options, string message)
    {
        options.Invoking(o => o.Validate()).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Theory]
    [InlineData(1343)]
    [InlineData(2305)]
    public void A_target_out_of_reach_is_refused_with_both_ends(double target)
    {
        // 3×4 and 4×2 weights at 8/8 bits, 4×4 in between at 2/2 to 8/8.
        using var run = new ScriptedRun((_, _) => 0);

        var make = () => new BitWidthOptimizer(run.Quantized, new BitWidthOptimizerOptions { TargetBitOps = target, TargetStep = 9 });

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage(
            $"TargetBitOps is {target}; the network costs 1344 with all widths at their minimum and 2304 at their maximum: "
            + "allowed are 1344 to 2304.*");
    }

    [Theory]
    [InlineData(1344, 2, 2)]
    [InlineData(2304, 8, 8)]
    public void A_target_at_either_end_is_met(double target, int weights, int activations)
    {
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { TargetBitOps = target, TargetStep = 30 });

        run.Steps(30);

        (run.Weights.Bits, run.Activations.Bits).Should().Be((weights, activations));
    }

    [Fact]
    public void Widths_frozen_before_count_as_they_are()
    {
        using var run = new ScriptedRun((_, _) => 0);
        run.Weights.Freeze();

        var make = () => new BitWidthOptimizer(run.Quantized, new BitWidthOptimizerOptions { TargetBitOps = 1400, TargetStep = 9 });

        make.Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*costs 1536 with all widths at their minimum and 2304 at their maximum*");
    }

    [Fact]
    public void A_loop_of_ones_own_must_say_by_which_step()
    {
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { TargetBitOps = 1600 });

        run.Invoking(r => r.Step()).Should().Throw<InvalidOperationException>()
            .WithMessage("TargetBitOps is set, but not by which step it must be met: set TargetStep*");
        run.Optimizer.Steps.Should().Be(0);
    }

    [Fact]
    public void A_run_that_ends_before_its_horizon_is_not_begun()
    {
        using var run = new TrainerRun(
            new TrainerOptions { Epochs = 2 }, widths: new BitWidthOptimizerOptions { TargetBitOps = 900_000, TargetStep = 9 });

        run.Invoking(r => r.Trainer.Fit(new Batches(14, 4))).Should().Throw<ArgumentException>()
            .WithMessage("TargetStep is 9, but the run has 8 steps:*");
        run.Trainer.Progress.Step.Should().Be(0);
    }

    [Fact]
    public void A_cost_without_a_derivative_is_refused()
    {
        using var run = new ScriptedRun((_, _) => 0);

        var make = () =>
            new BitWidthOptimizer(run.Quantized, new BitWidthOptimizerOptions { Target = 20, Cost = new Flat(), TargetStep = 9 });

        make.Should().Throw<ArgumentException>().WithMessage("Flat leads nowhere:*");
    }

    private sealed class Flat : IHardwareCost
    {
        public double Total(IReadOnlyList<LayerBits> layers) => layers.Sum(l => l.WeightBits);

        public double Loss(IReadOnlyList<LayerBits> layers) => 0;

        public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) => 0;
    }
}
