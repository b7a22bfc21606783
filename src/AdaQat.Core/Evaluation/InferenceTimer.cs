namespace AdaQat;

/// <summary>Times inferences, of whatever computes them: a model, or a runtime that it was deployed to.</summary>
public static class InferenceTimer
{
    /// <summary>Times one kind of inference.</summary>
    /// <param name="inference">One inference, from an input that is ready to an output that could be read.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Ends it between two inferences.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; nothing has run.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static InferenceTiming Measure(
        Action inference, InferenceTimingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inference);
        return Measure([inference], options ?? new(), cancellation)[0];
    }

    /// <summary>
    /// Times several kinds in turn, inference by inference, so that what else the machine does falls on all alike. Long runs follow, one
    /// after the other.
    /// </summary>
    internal static IReadOnlyList<InferenceTiming> Measure(
        IReadOnlyList<Action> kinds, InferenceTimingOptions options, CancellationToken cancellation)
    {
        options.Validate();
        var times = kinds.Select(_ => new List<TimeSpan>(options.Inferences)).ToList();
        for (var round = -options.WarmUps; round < options.Inferences; round++)
        {
            for (var kind = 0; kind < kinds.Count; kind++)
            {
                cancellation.ThrowIfCancellationRequested();
                var time = Time(kinds[kind], options.Clock);
                if (round >= 0)
                {
                    times[kind].Add(time);
                }
            }
        }

        return [.. kinds.Select((kind, index) => new InferenceTiming(
            TimedInferences.Of(times[index], options.Deadline), Sustain(kind, options, cancellation)))];
    }

    private static List<TimedInferences> Sustain(Action inference, InferenceTimingOptions options, CancellationToken cancellation)
    {
        var windows = new List<TimedInferences>();
        if (options.Sustained is not { } whole)
        {
            return windows;
        }

        var begin = options.Clock.GetTimestamp();
        var times = new List<TimeSpan>();
        TimeSpan elapsed;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            times.Add(Time(inference, options.Clock));
            elapsed = options.Clock.GetElapsedTime(begin);
            if (elapsed >= whole || elapsed >= options.Window * (windows.Count + 1))
            {
                windows.Add(TimedInferences.Of(times, options.Deadline));
                times.Clear();
            }
        }
        while (elapsed < whole);

        return windows;
    }

    private static TimeSpan Time(Action inference, TimeProvider clock)
    {
        var begin = clock.GetTimestamp();
        inference();
        return clock.GetElapsedTime(begin);
    }
}
