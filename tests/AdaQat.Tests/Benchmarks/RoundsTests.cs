using AdaQat.Benchmarks.Measuring;
using AdaQat.Benchmarks.Steps;

namespace AdaQat.Tests.Benchmarks;

public sealed class RoundsTests
{
    [Fact]
    public void A_rounds_time_is_the_mean_of_whole_periods_wherever_in_one_it_begins()
    {
        var (plain, probing) = (new Scripted(_ => 1), new Scripted(step => step % 5 == 3 ? 11 : 1));
        Rounds.Run([plain, probing], rounds: 1, stepsPerRound: 7, TimeSpan.Zero);

        var seconds = Rounds.Run([plain, probing], rounds: 3, stepsPerRound: 5, TimeSpan.Zero);

        seconds[0].Should().HaveCount(3).And.OnlyContain(mean => Math.Abs(mean - 1) < 1e-12);
        seconds[1].Should().HaveCount(3).And.OnlyContain(mean => Math.Abs(mean - 3) < 1e-12);
        (plain.Taken, probing.Taken).Should().Be((22, 22));
    }

    [Fact]
    public void Steps_take_turns_within_a_round()
    {
        var order = new List<int>();
        var steps = Enumerable.Range(0, 3).Select(kind => new Scripted(_ =>
        {
            order.Add(kind);
            return 1;
        })).ToArray();

        Rounds.Run(steps, rounds: 1, stepsPerRound: 4, TimeSpan.Zero);

        order.Chunk(3).Should().HaveCount(4).And.OnlyContain(pass => pass.Order().SequenceEqual(new[] { 0, 1, 2 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10, 1, 10)]
    [InlineData(12, 4, 6)]
    [InlineData(30, 1, 10, 6)]
    public void A_round_is_a_whole_number_of_every_period(int common, params int[] periods) =>
        Rounds.CommonPeriod(periods).Should().Be(common);

    [Fact]
    public void A_kinds_period_is_its_schedules_and_one_where_nothing_is_probed()
    {
        StepKinds.Fp32.Period.Should().Be(1);
        Period("adaqat").Should().Be(1);
        Period("adaqat-default").Should().Be(new BitWidthOptimizerOptions().ProbeInterval);
        Period("adaqat-frozen").Should().Be(1);
    }

    private static int Period(string kind) => StepKinds.All.Single(k => k.Name == kind).Period;

    private sealed class Scripted(Func<int, double> seconds) : ITimedStep
    {
        public int Taken { get; private set; }

        public double Take() => seconds(Taken++);
    }
}
