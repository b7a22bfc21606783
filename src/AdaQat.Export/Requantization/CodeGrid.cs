using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// One grid for a whole tensor: the values scale · (code + offset). The runtime's codes start at 0: they are code − lowest code.
/// </summary>
internal sealed record CodeGrid(double Scale, double Offset, long Lowest, long Highest)
{
    /// <summary>The largest of the runtime's codes.</summary>
    public int MaxCode => (int)(Highest - Lowest);

    /// <summary>The runtime's codes, whose integers are whole multiples of <see cref="Unit"/>, without a constant.</summary>
    public Codes Codes
    {
        get
        {
            var first = Lowest + Offset;
            return double.IsInteger(first) ? new(MaxCode, 1, (int)first) : new(MaxCode, 2, (int)(2 * first));
        }
    }

    /// <summary>The real number that the integer 1 stands for.</summary>
    public Rational Unit => Rational.Of(Scale) / Codes.Multiplier;

    /// <summary>The grid of a quantizer, or null where it has several scales, or codes that a byte doesn't hold.</summary>
    public static CodeGrid? Of(QuantizeOperator quantizer)
    {
        var first = quantizer.LowestCode + quantizer.Offsets[0];
        return quantizer.Scales.Distinct().Count() == 1 && quantizer.Offsets.Distinct().Count() == 1 && quantizer.Scales[0] > 0
            && quantizer.HighestCode - quantizer.LowestCode is >= 1 and <= 255 && Math.Abs(first) <= (double.IsInteger(first) ? 1024 : 512)
            ? new(quantizer.Scales[0], quantizer.Offsets[0], quantizer.LowestCode, quantizer.HighestCode)
            : null;
    }

    /// <summary>From where on a real number has the runtime's code j + 1 or more, and whether that number itself has.</summary>
    /// <remarks>Rounding goes to the even code at ties: the tie below an even code belongs to it.</remarks>
    public (Rational Bound, bool Included) Threshold(int j)
    {
        var code = Lowest + j + 1;
        return (Rational.Of(Scale) * (code + Rational.Of(Offset) - new Rational(1, 2)), code % 2 == 0);
    }

    /// <summary>The runtime's code of a real number.</summary>
    public int CodeOf(Rational value)
    {
        var (low, high) = (0, MaxCode);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var (bound, included) = Threshold(middle);
            (low, high) = value > bound || (included && value == bound) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
