using System.Numerics;
using AdaQat.Diagnostics;

namespace AdaQat.Observers;

/// <summary>
/// A histogram that widens: bins [j·w, (j + 1)·w) with w the least power of two at which so many bins hold all values. Zeros are counted
/// apart.
/// </summary>
/// <remarks>
/// Widening joins neighbouring bins two by two, which for powers of two is exact: the counts are those of one pass over all values, in
/// whatever order and in whatever batches they came. A bin is never narrower than the values' own precision.
/// </remarks>
internal sealed class ValueHistogram
{
    private const int MantissaBits = 23;

    private readonly long[] _counts;
    private readonly bool _hasZero;
    private int _exponent = int.MinValue;
    private long _first;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;

    /// <param name="bins">How many bins there are at most, at least 2; more than half of them are used, where values allow it.</param>
    /// <param name="hasZero">Whether bins reach down or up to 0, however far from it the values are.</param>
    public ValueHistogram(int bins, bool hasZero = false)
    {
        Guard.AtLeast(bins, 2, nameof(bins));
        (_counts, _hasZero) = (new long[bins], hasZero);
    }

    /// <summary>How many values were 0.</summary>
    public long Zeros { get; private set; }

    /// <summary>How many values there were, zeros included.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest value, 0 where there was none.</summary>
    public double Minimum => _minimum > _maximum ? 0 : Zeros > 0 ? Math.Min(_minimum, 0) : _minimum;

    /// <summary>The largest value, 0 where there was none.</summary>
    public double Maximum => _minimum > _maximum ? 0 : Zeros > 0 ? Math.Max(_maximum, 0) : _maximum;

    /// <summary>Whether a value other than 0 was seen.</summary>
    public bool HasValues => _minimum <= _maximum;

    /// <summary>The width of a bin.</summary>
    public double Width => HasValues ? Math.ScaleB(1, _exponent) : 0;

    /// <summary>Counts finite values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        var (low, high, zeros) = (float.PositiveInfinity, float.NegativeInfinity, 0L);
        foreach (var value in values)
        {
            if (value == 0)
            {
                zeros++;
            }
            else
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        if (zeros < values.Length)
        {
            Cover(low, high);
            CountAll(values);
        }

        (Zeros, Count) = (Zeros + zeros, Count + values.Length);
    }

    /// <summary>The bins that hold something, from the lowest on: the bin's centre and its count. Zeros are not among them.</summary>
    public IEnumerable<(double Centre, long Count)> Bins()
    {
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            if (_counts[bin] > 0)
            {
                yield return ((_first + bin + 0.5) * Width, _counts[bin]);
            }
        }
    }

    /// <summary>
    /// The counts of magnitudes, zeros left out: in bin j those from j·w up to (j + 1)·w; up to the last that holds something.
    /// </summary>
    public long[] Magnitudes()
    {
        var magnitudes = new Dictionary<long, long>();
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            if (_counts[bin] > 0)
            {
                var place = _first + bin;
                var magnitude = place < 0 ? -place - 1 : place;
                magnitudes[magnitude] = magnitudes.GetValueOrDefault(magnitude) + _counts[bin];
            }
        }

        var result = new long[magnitudes.Count == 0 ? 0 : magnitudes.Keys.Max() + 1];
        foreach (var (place, count) in magnitudes)
        {
            result[place] = count;
        }

        return result;
    }

    /// <summary>
    /// How many values are below <paramref name="bound"/>, those of the bin it falls into counted as if they lay evenly.
    /// </summary>
    public double CountBelow(double bound)
    {
        if (!HasValues || bound <= Minimum)
        {
            return 0;
        }

        if (bound > Maximum)
        {
            return Count;
        }

        var place = bound / Width;
        var below = bound > 0 ? (double)Zeros : 0;
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            below += _counts[bin] * Math.Clamp(place - (_first + bin), 0, 1);
        }

        return below;
    }

    /// <summary>How many values are above <paramref name="bound"/>, by the same reckoning.</summary>
    public double CountAbove(double bound) => bound >= Maximum ? 0 : Count - CountBelow(bound) - (bound == 0 ? Zeros : 0);

    /// <summary>The value that a share of all does not exceed, those of a bin lying evenly; one of those seen at either end.</summary>
    /// <param name="share">0 to 1.</param>
    public double Quantile(double share)
    {
        var (wanted, below, zeros) = (share * Count, 0.0, Zeros);
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            if (_first + bin >= 0 && zeros > 0)
            {
                if ((below += zeros) >= wanted)
                {
                    return 0;
                }

                zeros = 0;
            }

            if (_counts[bin] > 0 && below + _counts[bin] >= wanted)
            {
                var inside = (wanted - below) / _counts[bin];
                return Math.Clamp((_first + bin + inside) * Width, Minimum, Maximum);
            }

            below += _counts[bin];
        }

        return Maximum;
    }

    /// <summary>Widens and moves the bins until they hold these values, too.</summary>
    private void Cover(double low, double high)
    {
        (_minimum, _maximum) = (Math.Min(_minimum, low), Math.Max(_maximum, high));
        var (first, last) = _hasZero ? (Math.Min(_minimum, 0), Math.Max(_maximum, 0)) : (_minimum, _maximum);
        var exponent = Math.Max(_exponent, Math.ILogB(Math.Max(Math.Abs(first), Math.Abs(last))) - MantissaBits);
        if (last > first)
        {
            exponent = Math.Max(exponent, Math.ILogB(last - first) - BitOperations.Log2((uint)_counts.Length) - 1);
        }

        while (Place(last, exponent) - Place(first, exponent) >= _counts.Length)
        {
            exponent++;
        }

        Rearrange(exponent, Place(first, exponent));
    }

    /// <summary>The same counts in wider bins that begin where the values do.</summary>
    private void Rearrange(int exponent, long first)
    {
        if (Count > 0 && (exponent, first) != (_exponent, _first))
        {
            var shift = Math.Min(exponent - _exponent, 63);
            var before = _counts.ToArray();
            Array.Clear(_counts);
            for (var bin = 0; bin < before.Length; bin++)
            {
                if (before[bin] > 0)
                {
                    _counts[((_first + bin) >> shift) - first] += before[bin];
                }
            }
        }

        (_exponent, _first) = (exponent, first);
    }

    private void CountAll(ReadOnlySpan<float> values)
    {
        var perUnit = Math.ScaleB(1, -_exponent);
        foreach (var value in values)
        {
            if (value != 0)
            {
                _counts[(long)Math.Floor(value * perUnit) - _first]++;
            }
        }
    }

    private static long Place(double value, int exponent) => (long)Math.Floor(Math.ScaleB(value, -exponent));
}
