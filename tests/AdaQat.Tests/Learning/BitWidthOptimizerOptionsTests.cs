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
        { new() { Estimate = (ProbeEstimate)7 }, "Estimate is 7; allowed are None, Backward.*" },
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

    [Fact]
    public void The_suggested_learning_rate_brings_both_widths_down_within_the_run()
    {
        const int Steps = 400;
        var eta = BitWidthOptimizerOptions.LearningRateFor(0.15, Steps);
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { Lambda = 0.15, LearningRate = eta });

        for (var i = 0; i < Steps; i++)
        {
            run.Step();
        }

        // A little faster than the formula, which the integer widths, always at least N, account for.
        run.Weights.Bits.Should().Be(2);
        run.Activations.Bits.Should().Be(2);
    }

    [Theory]
    [InlineData(0.0, 100, 8, 2)]
    [InlineData(0.1, 0, 8, 2)]
    [InlineData(0.1, 100, 2, 8)]
    [InlineData(0.1, 100, 8, 0)]
    public void A_suggestion_for_nonsense_is_refused(double lambda, double steps, double from, double to)
    {
        var suggest = () => BitWidthOptimizerOptions.LearningRateFor(lambda, steps, from, to);

        suggest.Should().Throw<ArgumentOutOfRangeException>();
    }
}
