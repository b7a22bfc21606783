using System.Numerics;

namespace AdaQat.Runtime;

/// <summary>
/// A channel's thresholds, and for each of 512 places in their range how many lie below it: from there on few comparisons are left.
/// </summary>
internal sealed unsafe class ThresholdSearch
{
    private const int PlaceBits = 9;

    private readonly int[] _values;
    private readonly byte[] _before = new byte[1 << PlaceBits];
    private readonly int _flip;
    private readonly int _shift;

    public ThresholdSearch(Thresholds thresholds)
    {
        // x ≤ T is ~x ≥ ~T: what falls rises when it is turned around.
        _flip = thresholds.Descending ? -1 : 0;
        _values = [.. thresholds.Values.Select(value => value ^ _flip)];
        var range = unchecked((uint)(_values[^1] - _values[0]));
        _shift = Math.Max(0, 32 - BitOperations.LeadingZeroCount(range) - PlaceBits);
        for (var place = 0; place < _before.Length; place++)
        {
            var least = _values[0] + ((long)place << _shift);
            _before[place] = (byte)_values.Count(value => value <= least);
        }
    }

    /// <summary>The codes of a channel's sums.</summary>
    /// <param name="sums">The first sum.</param>
    /// <param name="stride">How far the next pixel's is.</param>
    /// <param name="pixels">How many there are.</param>
    /// <param name="codes">Where the first code goes.</param>
    /// <param name="step">How far the next pixel's is.</param>
    public void Run(int* sums, int stride, int pixels, byte* codes, int step)
    {
        fixed (int* values = _values)
        fixed (byte* before = _before)
        {
            var (first, count) = (values[0], _values.Length);
            for (long pixel = 0; pixel < pixels; pixel++)
            {
                var x = sums[pixel * stride] ^ _flip;
                var code = 0;
                if (x >= first)
                {
                    code = before[Math.Min(unchecked((uint)(x - first)) >> _shift, (1u << PlaceBits) - 1)];
                    while (code < count && x >= values[code])
                    {
                        code++;
                    }
                }

                codes[pixel * step] = (byte)code;
            }
        }
    }
}
