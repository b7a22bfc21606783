namespace AdaQat.Runtime;

/// <summary>
/// Weights as signed bytes: w = factor · v + rest of its output. Most weights are bytes already, with a factor of 1 and no rest; those of 9
/// bits, as DoReFa's 2q − 255 are, need the sum of a pixel's bytes times the rest beside their own.
/// </summary>
internal sealed class SplitWeights
{
    private readonly IntegerWeights _weights;
    private readonly int _middle;

    private SplitWeights(IntegerWeights weights, bool splits)
    {
        (_weights, Splits) = (weights, splits);
        _middle = weights.Bits == 8 ? 128 : 0;
    }

    /// <summary>Whether there are rests.</summary>
    public bool Splits { get; }

    /// <summary>What bytes are multiplied by.</summary>
    public int Factor => Splits ? _weights.Multiplier : 1;

    public static SplitWeights Of(IntegerWeights weights)
    {
        var (min, max) = (0, 0);
        for (var m = 0; m < weights.Outputs; m++)
        {
            for (var i = 0; i < weights.PerOutput; i++)
            {
                var integer = weights.Integer(m, i);
                (min, max) = (Math.Min(min, integer), Math.Max(max, integer));
            }
        }

        return new(weights, splits: min < sbyte.MinValue || max > sbyte.MaxValue);
    }

    /// <summary>The byte of a weight.</summary>
    public sbyte Byte(int output, int place) => (sbyte)(Splits
        ? _weights.Codes[(output * _weights.PerOutput) + place] - _middle
        : _weights.Integer(output, place));

    /// <summary>The rest of an output.</summary>
    public int Rest(int output) => Splits ? (_weights.Multiplier * _middle) + _weights.OffsetOf(output) : 0;
}
