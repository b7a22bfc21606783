using AdaQat.Training;

namespace AdaQat.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(25, 0.85355339059327378)]
    [InlineData(50, 0.5)]
    [InlineData(100, 0.0)]
    public void A_cosine_falls_from_one_to_zero(long done, double factor)
    {
        LearningRateSchedule.Cosine().FactorAt(done, 100).Should().BeApproximately(factor, 1e-15);
    }

    [Fact]
    public void A_cosine_may_end_above_zero()
    {
        var schedule = LearningRateSchedule.Cosine(final: 0.1);

        schedule.FactorAt(0, 100).Should().Be(1);
        schedule.FactorAt(50, 100).Should().BeApproximately(0.55, 1e-15);
        schedule.FactorAt(100, 100).Should().BeApproximately(0.1, 1e-15);
    }

    [Fact]
    public void A_cosine_may_rise_first()
    {
        var schedule = LearningRateSchedule.Cosine(warmupSteps: 4);

        Enumerable.Range(0, 5).Select(step => schedule.FactorAt(step, 104)).Should().Equal(0.2, 0.4, 0.6, 0.8, 1);
        schedule.FactorAt(54, 104).Should().BeApproximately(0.5, 1e-15);
    }

    [Fact]
    public void A_run_shorter_than_its_warmup_is_all_rise()
    {
        LearningRateSchedule.Cosine(warmupSteps: 9).FactorAt(2, 3).Should().BeApproximately(0.3, 1e-15);
    }

    [Fact]
    public void Constant_is_one()
    {
        LearningRateSchedule.Constant().FactorAt(77, 100).Should().Be(1);
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(49, 1.0)]
    [InlineData(50, 0.1)]
    [InlineData(74, 0.1)]
    [InlineData(75, 0.01)]
    [InlineData(99, 0.01)]
    public void Steps_multiply_at_each_milestone(long done, double factor)
    {
        LearningRateSchedule.Steps(0.1, 0.5, 0.75).FactorAt(done, 100).Should().BeApproximately(factor, 1e-15);
    }

    [Fact]
    public void Numbers_outside_what_is_allowed_are_refused_by_name()
    {
        Refused(LearningRateSchedule.Cosine(final: -0.1)).WithMessage("Final is -0.1; allowed are*");
        Refused(LearningRateSchedule.Cosine(warmupSteps: -1)).WithMessage("WarmupSteps is -1; allowed are 0 and more.*");
        Refused(LearningRateSchedule.Steps(0, 0.5)).WithMessage("Factor is 0; allowed are finite numbers above 0.*");
        Refused(LearningRateSchedule.Steps(0.1, 1.5)).WithMessage("Milestones is 1.5; allowed are numbers above 0, up to 1.*");

        static FluentAssertions.Specialized.ExceptionAssertions<ArgumentOutOfRangeException> Refused(LearningRateSchedule schedule) =>
            schedule.Invoking(s => s.Validate()).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_text_tells_schedules_of_other_milestones_apart()
    {
        LearningRateSchedule.Steps(0.1, 0.5, 0.75).ToString().Should().Be("StepSchedule { Factor = 0.1, Milestones = [0.5; 0.75] }");
    }
}
