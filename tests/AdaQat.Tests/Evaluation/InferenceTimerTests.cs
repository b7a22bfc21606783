using FsCheck.Fluent;

namespace AdaQat.Tests.Evaluating;

public sealed class InferenceTimerTests
{
    private readonly SteppedClock _clock = new();
    private int _calls;

    [Fact]
    public void Warm_ups_run_and_do_not_count()
    {
        var timing = Measure(call => call < 3 ? 1000 : 5, new() { WarmUps = 3, Inferences = 4 });

        _calls.Should().Be(7);
        timing.First.Should().Be(new TimedInferences(4, Milliseconds(5), Milliseconds(5), Milliseconds(5), Milliseconds(5), null));
    }

    [Fact]
    public void The_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() =>
        Measure(call => call + 1, new() { WarmUps = 0, Inferences = 4 }).First.Median.Should().Be(Milliseconds(2.5));

    [Fact]
    public void The_99th_percentile_is_the_nearest_rank()
    {
        Measure(call => call + 1, new() { WarmUps = 0, Inferences = 100 }).First.Percentile99.Should().Be(Milliseconds(99));
        Measure(call => call + 1, new() { WarmUps = 0, Inferences = 101 }).First.Percentile99.Should().Be(Milliseconds(100 + 100));
    }

    [Fact]
    public void At_least_99_of_100_do_not_exceed_the_percentile_and_of_no_shorter_time_is_that_so() => Arbitrary.ForAll(
        Gen.Choose(0, 300).NonEmptyListOf(), times =>
        {
            _calls = 0;
            var timing = Measure(call => times[call], new() { WarmUps = 0, Inferences = times.Count });
            var limit = timing.First.Percentile99.TotalMilliseconds;
            (times.Count(t => t <= limit) * 100).Should().BeGreaterThanOrEqualTo(times.Count * 99);
            (times.Count(t => t < limit) * 100).Should().BeLessThan(times.Count * 99);
        });

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_deadline_is_met_where_at_most_one_of_100_is_late(int late, bool meets)
    {
        var timing = Measure(
            call => call < late ? 11 : 10, new() { WarmUps = 0, Inferences = 100, Deadline = Milliseconds(10) });

        timing.First.Late.Should().Be(late);
        timing.First.MeetsDeadline.Should().Be(meets);
    }

    [Fact]
    public void A_long_run_is_told_in_windows_and_shows_clocks_that_drop()
    {
        var timing = Measure(
            call => call < 1 + 100 ? 10 : 20,
            new() { WarmUps = 0, Inferences = 1, Sustained = TimeSpan.FromSeconds(2.5), Window = TimeSpan.FromSeconds(1) });

        timing.Sustained.Select(w => w.Count).Should().Equal(100, 50, 25);
        timing.Slowdown.Should().Be(2);
    }

    [Fact]
    public void An_inference_longer_than_a_window_is_a_window_of_its_own_and_the_run_ends()
    {
        var timing = Measure(
            _ => 3000, new() { WarmUps = 0, Inferences = 1, Sustained = TimeSpan.FromSeconds(5), Window = TimeSpan.FromSeconds(1) });

        timing.Sustained.Select(w => w.Count).Should().Equal(1, 1);
    }

    [Fact]
    public void A_cancelled_timing_stops_before_the_next_inference()
    {
        using var source = new CancellationTokenSource();
        var measure = () => InferenceTimer.Measure(
            () =>
            {
                _calls++;
                source.Cancel();
            },
            new(),
            source.Token);

        measure.Should().Throw<OperationCanceledException>();
        _calls.Should().Be(1);
    }

    public static TheoryData<string, InferenceTimingOptions> Refused => new()
    {
        { "WarmUps is -1", new() { WarmUps = -1 } },
        { "Inferences is 0", new() { Inferences = 0 } },
        { "Sustained is 00:00:00", new() { Sustained = TimeSpan.Zero } },
        { "Window is 00:00:00", new() { Window = TimeSpan.Zero } },
        { "Deadline is -00:00:01", new() { Deadline = TimeSpan.FromSeconds(-1) } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_option_outside_its_range_is_refused_before_anything_runs(string message, InferenceTimingOptions options)
    {
        var measure = () => InferenceTimer.Measure(() => _calls++, options);

        measure.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*{message}; allowed are *");
        _calls.Should().Be(0);
    }

    private InferenceTiming Measure(Func<int, double> milliseconds, InferenceTimingOptions options) => InferenceTimer.Measure(
        () => _clock.Advance(Milliseconds(milliseconds(_calls++))), options with { Clock = _clock });

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
