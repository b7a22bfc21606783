namespace AdaQat.Export;

/// <summary>
/// Looks for a bias and a step of the weight with which a program that computes in bytes switches from code to code exactly where the
/// quantized network does.
/// </summary>
/// <remarks>
/// Sums are integers, so each threshold lies anywhere between two of them, and a rule has room. With a bias, every threshold bounds the
/// factor from both sides; where all bounds leave something, the middle of it is taken. Sums are multiplied by the spread of the weight's
/// codes, which makes the bias as much finer.
/// </remarks>
internal sealed class ByteRuleSearch
{
    // A bias that is farther off, in steps of sums, leaves room for few factors.
    private const int Reach = 2;

    private readonly ThresholdTable _table;
    private readonly ByteRounding _rounding;
    private readonly long _firstInteger;
    private readonly double _weightScale;
    private readonly double _bias;

    /// <param name="table">Where codes change, in steps of sums; rising.</param>
    /// <param name="rounding">The arithmetic.</param>
    /// <param name="firstInteger">What a sum is rounded to that has the second code of the grid.</param>
    /// <param name="weightScale">The step of the weight in the quantized network.</param>
    /// <param name="bias">The bias there, in steps of sums.</param>
    public ByteRuleSearch(ThresholdTable table, ByteRounding rounding, long firstInteger, double weightScale, double bias) =>
        (_table, _rounding, _firstInteger, _weightScale, _bias) = (table, rounding, firstInteger, weightScale, bias);

    /// <summary>How many thresholds lie between sums that occur.</summary>
    public int Thresholds => _table.Values.Count(value => value > _table.Min && value <= _table.Max);

    /// <summary>The rule that moves no threshold, and has the most room; null if there is none.</summary>
    public ByteRule? Exact(long spread)
    {
        ByteRule? best = null;
        foreach (var bias in Biases(spread))
        {
            var (low, high) = (Factor(spread) / 2, Factor(spread) * 2);
            for (var j = 0; j < _table.Values.Length && low < high; j++)
            {
                var (least, most) = Factors(j, spread, bias);
                (low, high) = (Math.Max(low, least), Math.Min(high, most));
            }

            if (low < high && Rule(spread, bias, _rounding.WeightScale((low + high) / 2)) is { Moved: 0 } rule
                && rule.Room > (best?.Room ?? -1))
            {
                best = rule;
            }
        }

        return best;
    }

    /// <summary>
    /// The rule that moves the fewest thresholds, each to the next sum; the network's own numbers, rounded, if none is better.
    /// </summary>
    public ByteRule Nearest(long spread)
    {
        var best = Rule(spread, (long)Math.Round(spread * _bias), (float)(_weightScale / spread));
        foreach (var bias in Biases(spread))
        {
            var rule = Rule(spread, bias, _rounding.WeightScale(MostShared(spread, bias)));
            best = rule.Moved < best.Moved && MovesToNeighbours(spread, rule) ? rule : best;
        }

        return best;
    }

    private IEnumerable<long> Biases(long spread)
    {
        var last = (long)Math.Floor(spread * (_bias + Reach));
        for (var bias = (long)Math.Ceiling(spread * (_bias - Reach)); bias <= last; bias++)
        {
            yield return bias;
        }
    }

    /// <summary>The factor in the quantized network.</summary>
    private double Factor(long spread) => _rounding.InputScale * _weightScale / spread / _rounding.OutputScale;

    /// <summary>Between which factors a threshold is where it should be; nothing lies between those that are the wrong way round.</summary>
    private (double Least, double Most) Factors(int j, long spread, long bias)
    {
        // From this number on rounding gives the integer.
        var level = _firstInteger + j - 0.5;
        var (least, most) = (0.0, double.PositiveInfinity);
        if (_table.Values[j] <= _table.Max)
        {
            var reaches = (spread * Math.Max(_table.Values[j], _table.Min)) + bias;
            (least, most) = reaches > 0 ? (Math.Max(least, level / reaches), most)
                : reaches < 0 ? (least, level / reaches)
                : level > 0 ? (1, 0) : (least, most);
        }

        if (_table.Values[j] > _table.Min)
        {
            var stays = (spread * Math.Min(_table.Values[j] - 1, _table.Max)) + bias;
            (least, most) = stays > 0 ? (least, Math.Min(most, level / stays))
                : stays < 0 ? (Math.Max(least, level / stays), most)
                : level < 0 ? (1, 0) : (least, most);
        }

        return (least, most);
    }

    /// <summary>A factor, near the network's, with which the most thresholds are where they should be.</summary>
    private double MostShared(long spread, long bias)
    {
        var (from, to) = (Factor(spread) / 2, Factor(spread) * 2);
        var ends = new List<(double Place, int Change)>();
        for (var j = 0; j < _table.Values.Length; j++)
        {
            var (least, most) = Factors(j, spread, bias);
            (least, most) = (Math.Max(from, least), Math.Min(to, most));
            if (least < most)
            {
                ends.AddRange([(least, 1), (most, -1)]);
            }
        }

        var (shared, mostShared, best) = (0, 0, Factor(spread));
        ends.Sort();
        for (var i = 0; i < ends.Count - 1; i++)
        {
            shared += ends[i].Change;
            if (shared > mostShared)
            {
                (mostShared, best) = (shared, (ends[i].Place + ends[i + 1].Place) / 2);
            }
        }

        return best;
    }

    private ByteRule Rule(long spread, long bias, float weightScale)
    {
        var (factor, moved, room) = (_rounding.Factor(weightScale), 0, 0.5);
        for (var j = 0; j < _table.Values.Length; j++)
        {
            var (integer, threshold, level) = (_firstInteger + j, _table.Values[j], _firstInteger + j - 0.5);
            if (threshold <= _table.Max)
            {
                var reaches = (spread * Math.Max(threshold, _table.Min)) + bias;
                moved += ByteRounding.Round(reaches, factor) >= integer ? 0 : 1;
                room = Math.Min(room, (reaches - (level / factor)) / spread);
            }

            if (threshold > _table.Min)
            {
                var stays = (spread * Math.Min(threshold - 1, _table.Max)) + bias;
                moved += ByteRounding.Round(stays, factor) < integer ? 0 : 1;
                room = Math.Min(room, ((level / factor) - stays) / spread);
            }
        }

        return new(weightScale, bias, moved, Math.Max(0, room));
    }

    private bool MovesToNeighbours(long spread, ByteRule rule)
    {
        var factor = _rounding.Factor(rule.WeightScale);
        for (var j = 0; j < _table.Values.Length; j++)
        {
            var (integer, threshold) = (_firstInteger + j, _table.Values[j]);
            if ((threshold < _table.Max && ByteRounding.Round((spread * (threshold + 1)) + rule.Bias, factor) < integer)
                || (threshold - 1 > _table.Min && ByteRounding.Round((spread * (threshold - 2)) + rule.Bias, factor) >= integer))
            {
                return false;
            }
        }

        return true;
    }
}
