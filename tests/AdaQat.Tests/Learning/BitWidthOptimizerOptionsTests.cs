namespace AdaQat.Tests.Learning;

public sealed class BitWidthOptimizerOptionsTests
{
    public static TheoryData<BitWidthOptimizerOptions, string> Refused { get; } = new()
    {
        { new() { Lambda = -0.1 }, "Lambda is -0.1; allowed are finite numbers, 0 and more.*" },
        { new() { Lambda = double.NaN }, "Lambda is NaN; allowed are*" },
        { new() { LearningRate = 0 }, "LearningRate is 0; allowed are finite numbers above 0.*" },
        { new() { LearningRate = double.PositiveInfinity }, "LearningRate is Infinity; allowed are*" },
        { new() { OscillationThreshold = 0 }, "OscillationThreshold is 0; allowed are 1 and more.*" },
        { new() { RestSteps = 0 }, "RestSteps is 0; allowed are 1 and more.*" },
        { new() { ProbeInterval = 0 }, "ProbeInterval is 0; allowed are 1 and more.*" },
        { new() { MaximumProbesPerStep = -1 }, "MaximumProbesPerStep is -1; allowed are 1 and more.*" },
        { new() { WarningInterval = 0 }, "WarningInterval is 0; allowed are 1 and more.*" },
        { new() { StalledStepsWarning = 0 }, "StalledStepsWarning is 0; allowed are 1 and more.*" },
        { new() { ZeroWeightShareWarning = 1.5 }, "ZeroWeightShareWarning is 1.5; allowed are numbers above 0, up to 1.*" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_value_outside_what_is_allowed_is_refused_by_name(BitWidthOptimizerOptions options, string message)
    {
        options.Invoking(o => o.Validate()).Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Fact]
    public void An_optimizer_refuses_such_options_too()
    {
        using var run = new ScriptedRun((_, _) => 0);

        var make = () => new BitWidthOptimizer(run.Quantized, new BitWidthOptimizerOptions { Lambda = -1 });

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Lambda is -1;*");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(2000)]
    [InlineData(20_000)]
    public void With_the_length_of_the_run_widths_that_meet_no_resistance_are_down_and_frozen_in_its_first_half(int steps)
    {
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { TotalSteps = steps });

        run.Steps(steps / 2);

        (run.Weights.Bits, run.Activations.Bits).Should().Be((2, 2));
        run.Optimizer.AllFrozen.Should().BeTrue();
        run.Weights.FrozenAtStep.Should().BeInRange(steps / 4, steps / 2);
    }

    [Theory]
    [InlineData(typeof(WeightBitsCost))]
    [InlineData(typeof(ActivationBitsCost))]
    public void So_they_are_with_another_cost(Type cost)
    {
        var options = new BitWidthOptimizerOptions { TotalSteps = 1000, Cost = (IHardwareCost)Activator.CreateInstance(cost)! };
        using var run = new ScriptedRun((_, _) => 0, options);

        run.Steps(500);

        (cost == typeof(WeightBitsCost) ? run.Weights : run.Activations).Should().Match<BitWidth>(w => w.Bits == 2 && w.IsFrozen);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(900, 5)]
    [InlineData(100_000, 10)]
    public void The_probe_interval_follows_from_the_length_of_the_run(int steps, int interval)
    {
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { TotalSteps = steps });

        run.Optimizer.ProbeInterval.Should().Be(interval);
    }

    [Fact]
    public void Without_the_length_of_the_run_and_without_a_learning_rate_the_first_step_is_refused()
    {
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions());

        run.Invoking(r => r.Step()).Should().Throw<InvalidOperationException>().WithMessage("*set TotalSteps*or LearningRate*");
        run.Optimizer.Steps.Should().Be(0);
    }

    [Theory]
    [InlineData(499, 1)]
    [InlineData(500, 0)]
    public void A_run_too_short_to_settle_in_is_warned_once(int steps, int warnings)
    {
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { TotalSteps = steps });
        var seen = new List<QuantizationWarning>();
        run.Quantized.Warning += (_, warning) => seen.Add(warning);

        run.Steps(3);

        seen.Select(w => w.Subject).Should().Equal(Enumerable.Repeat("TotalSteps", warnings));
    }
}
