namespace AdaQat.Costs;

/// <summary>The times of one shape over all pairs of some widths of weights and of activations.</summary>
internal sealed class LatencyGrid
{
    private readonly int[] _weights;
    private readonly int[] _activations;
    private readonly double[,] _measured;
    private readonly double[,] _times;

    /// <param name="shape">The shape.</param>
    /// <param name="weights">Widths, ascending.</param>
    /// <param name="activations">Widths, ascending.</param>
    /// <param name="time">The time at a pair of widths, in µs.</param>
    public LatencyGrid(LayerShape shape, int[] weights, int[] activations, Func<int, int, double> time)
    {
        (Shape, _weights, _activations) = (shape, weights, activations);
        (_measured, _times) = (new double[weights.Length, activations.Length], new double[weights.Length, activations.Length]);
        // From the widest down: at fewer bits a layer is at least as fast as at more, since it may be computed with these.
        for (var w = weights.Length - 1; w >= 0; w--)
        {
            for (var a = activations.Length - 1; a >= 0; a--)
            {
                _measured[w, a] = time(weights[w], activations[a]);
                _times[w, a] = Math.Min(
                    _measured[w, a],
                    Math.Min(
                        w + 1 < weights.Length ? _times[w + 1, a] : double.PositiveInfinity,
                        a + 1 < activations.Length ? _times[w, a + 1] : double.PositiveInfinity));
            }
        }
    }

    public LayerShape Shape { get; }

    /// <summary>The time at a pair of widths, in µs: at fewer bits never more.</summary>
    public (double Microseconds, LatencyOrigin Origin) At(int weightBits, int activationBits)
    {
        var (w, weightFactor) = Place(_weights, weightBits);
        var (a, activationFactor) = Place(_activations, activationBits);
        var (upperW, upperA) = (Math.Min(w.Index + 1, _weights.Length - 1), Math.Min(a.Index + 1, _activations.Length - 1));
        var low = Between(_times[w.Index, a.Index], _times[w.Index, upperA], a.Part);
        var high = Between(_times[upperW, a.Index], _times[upperW, upperA], a.Part);
        var isOnGrid = w.Part == 0 && a.Part == 0;
        var origin = !Covers(_weights, weightBits) || !Covers(_activations, activationBits) ? LatencyOrigin.OutsideWidths
            : !isOnGrid ? LatencyOrigin.BetweenWidths
            : _times[w.Index, a.Index] < _measured[w.Index, a.Index] ? LatencyOrigin.Wider
            : LatencyOrigin.Measured;
        return (Between(low, high, w.Part) * weightFactor * activationFactor, origin);
    }

    private static bool Covers(int[] widths, int bits) => bits >= widths[0] && bits <= widths[^1];

    /// <summary>The width at or below, how far towards the next one, and the factor beyond the largest.</summary>
    private static ((int Index, double Part) At, double Factor) Place(int[] widths, int bits)
    {
        if (bits >= widths[^1])
        {
            return ((widths.Length - 1, 0), (double)bits / widths[^1]);
        }

        var index = Math.Max(0, Array.FindLastIndex(widths, width => width <= bits));
        return bits <= widths[0] ? ((0, 0), 1)
            : ((index, (bits - widths[index]) / (double)(widths[index + 1] - widths[index])), 1);
    }

    private static double Between(double low, double high, double part) => low + ((high - low) * part);
}
