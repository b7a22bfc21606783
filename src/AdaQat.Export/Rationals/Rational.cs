using System.Numerics;

namespace AdaQat.Export;

/// <summary>An exact fraction, in lowest terms. Every finite double is one.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    // The denominator less 1, so that the default is 0.
    private readonly BigInteger _rest;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException();
        }

        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        _rest = (denominator / divisor) - 1;
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _rest + 1;

    public int Sign => Numerator.Sign;

    public Rational Magnitude => Sign < 0 ? -this : this;

    public static implicit operator Rational(long number) => new(number, 1);

    public static Rational operator +(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    /// <summary>A double, exactly.</summary>
    public static Rational Of(double number)
    {
        if (!double.IsFinite(number))
        {
            throw new ArgumentOutOfRangeException(nameof(number), number, $"The number is {number}; allowed are finite ones.");
        }

        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        (mantissa, exponent) = exponent == 0 ? (mantissa, -1074) : (mantissa | (1L << 52), exponent - 1075);
        var signed = new BigInteger(bits < 0 ? -mantissa : mantissa);
        return exponent >= 0 ? new(signed << exponent, 1) : new(signed, BigInteger.One << -exponent);
    }

    /// <summary>2 to a whole power.</summary>
    public static Rational PowerOfTwo(int exponent) =>
        exponent >= 0 ? new(BigInteger.One << exponent, 1) : new(1, BigInteger.One << -exponent);

    public static Rational Max(Rational a, Rational b) => a > b ? a : b;

    public static Rational Min(Rational a, Rational b) => a < b ? a : b;

    /// <summary>The largest whole number that is not above it.</summary>
    public BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The smallest whole number that is not below it.</summary>
    public BigInteger Ceiling() => -(-this).Floor();

    /// <summary>The nearest whole number; ties go up.</summary>
    public BigInteger Round() => (this + new Rational(1, 2)).Floor();

    /// <summary>The largest e with 2^e at most its magnitude, which is not 0.</summary>
    public int Exponent()
    {
        var estimate = (int)(BigInteger.Abs(Numerator).GetBitLength() - Denominator.GetBitLength());
        return PowerOfTwo(estimate) <= Magnitude ? estimate : estimate - 1;
    }

    /// <summary>The nearest double, within half a unit of its last digit and 2^-10 of that.</summary>
    public double ToDouble()
    {
        if (Sign == 0)
        {
            return 0;
        }

        var shift = 63 - Exponent();
        return Math.ScaleB((double)(this * PowerOfTwo(shift)).Floor(), -shift);
    }

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Rational other) => Numerator == other.Numerator && _rest == other._rest;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, _rest);

    public override string ToString() => $"{Numerator}/{Denominator}";
}
