namespace AdaQat.Observers;

/// <summary>See <see cref="MeanSquaredErrorObserverOptions"/>.</summary>
/// <param name="gridsOver">What the quantizer makes of ranges.</param>
/// <param name="bins">Bins of the histogram.</param>
internal sealed class MeanSquaredErrorObserver(
    Func<IReadOnlyList<ValueRange>, IReadOnlyList<QuantizationGrid>> gridsOver, int bins) : Observer
{
    /// <summary>Candidates of the first pass: 8 an octave, down to a 1/256.</summary>
    private const int CoarseSteps = 64;
    private const int FineSteps = 16;
    private const int FinePasses = 2;
    private const int Rounds = 2;
    private static readonly double CoarseRatio = Math.Pow(2, -1 / 8.0);

    private readonly ValueHistogram _histogram = new(bins);

    public override void Observe(ReadOnlySpan<float> values) => _histogram.Add(values);

    public override ValueRange Range()
    {
        var whole = new ValueRange(_histogram.Minimum, _histogram.Maximum).WithZero();
        var largest = Math.Max(-whole.Low, whole.High);
        var symmetric = new ValueRange(-largest, largest);
        var error = new GridError(_histogram);
        if (whole is { Low: < 0, High: > 0 } && AreOneGrid(whole, symmetric))
        {
            return Best(error, Fractions, f => Scaled(symmetric, f, f));
        }

        var best = Best(error, Fractions, f => Scaled(whole, f, f));
        if (whole is not { Low: < 0, High: > 0 })
        {
            return best;
        }

        for (var round = 0; round < Rounds; round++)
        {
            var high = best.High;
            best = Best(error, Fractions, f => new ValueRange(whole.Low * f, high));
            var low = best.Low;
            best = Best(error, Fractions, f => new ValueRange(low, whole.High * f));
        }

        return best;
    }

    private static IEnumerable<double> Fractions => Enumerable.Range(0, CoarseSteps + 1).Select(i => Math.Pow(CoarseRatio, i));

    /// <summary>The fraction with the least error among coarse ones, then twice among finer ones around it. Of equals the widest.</summary>
    private ValueRange Best(GridError error, IEnumerable<double> fractions, Func<double, ValueRange> rangeAt)
    {
        var best = Least(error, fractions, rangeAt);
        var (low, high) = (best * CoarseRatio, Math.Min(1, best / CoarseRatio));
        for (var pass = 0; pass < FinePasses; pass++)
        {
            var step = (high - low) / FineSteps;
            var (from, known) = (low, best);
            best = Least(
                error, Enumerable.Range(0, FineSteps + 1).Select(i => from + (step * i)).Append(known).OrderDescending(), rangeAt);
            (low, high) = (best - step, Math.Min(1, best + step));
        }

        return rangeAt(best);
    }

    private double Least(GridError error, IEnumerable<double> fractions, Func<double, ValueRange> rangeAt)
    {
        var candidates = fractions.ToList();
        var grids = gridsOver(candidates.ConvertAll(f => rangeAt(f)));
        return candidates.Zip(grids).MinBy(c => error.Of(c.Second)).First;
    }

    private bool AreOneGrid(ValueRange first, ValueRange second) => gridsOver([first, second]) switch
    {
        [UniformGrid a, UniformGrid b] => a.Scales[0] == b.Scales[0] && a.Offsets[0] == b.Offsets[0]
            && a.SmallestCode == b.SmallestCode,
        [LevelGrid a, LevelGrid b] => a.Levels.SequenceEqual(b.Levels),
        _ => false,
    };

    private static ValueRange Scaled(ValueRange range, double low, double high) => new(range.Low * low, range.High * high);
}
