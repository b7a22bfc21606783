using AdaQat.Benchmarks.Soak;

namespace AdaQat.Tests.Benchmarks;

public sealed class SoakVerdictTests
{
    [Fact]
    public void What_happens_while_warming_up_does_not_count()
    {
        var verdict = SoakVerdict.Of([.. Samples(4, _ => 1), .. Samples(36, _ => 1000)]);

        verdict.Should().Be(new SoakVerdict(0, 0));
        verdict.IsFlat.Should().BeTrue();
    }

    [Theory]
    [InlineData(1009, true)]
    [InlineData(1011, false)]
    [InlineData(900, true)]
    public void Growth_beyond_one_percent_is_not_flat(long last, bool isFlat) =>
        SoakVerdict.Of([.. Samples(30, _ => 1000), .. Samples(10, _ => last)]).IsFlat.Should().Be(isFlat);

    [Fact]
    public void One_outlier_is_not_growth() =>
        SoakVerdict.Of([.. Samples(39, _ => 1000), .. Samples(1, _ => 5000)]).IsFlat.Should().BeTrue();

    [Fact]
    public void A_tensor_left_over_is_not_flat()
    {
        var samples = Samples(40, _ => 1000);
        samples[^1] = samples[^1] with { LiveTensors = 94 };

        SoakVerdict.Of(samples).Should().Be(new SoakVerdict(0, 1));
        SoakVerdict.Of(samples).IsFlat.Should().BeFalse();
    }

    [Fact]
    public void A_run_looks_at_memory_every_500_steps_and_a_short_one_more_often()
    {
        new SoakOptions().StepsPerSample.Should().Be(500);
        new SoakOptions { Steps = SoakOptions.FewestSteps }.StepsPerSample.Should().Be(5);
        new SoakOptions { Steps = 1_000_000 }.StepsPerSample.Should().Be(500);
    }

    private static List<SoakSample> Samples(int count, Func<int, long> resident) =>
        [.. Enumerable.Range(0, count).Select(i => new SoakSample(i, resident(i), 1, 93))];
}
