using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>y·s/α for the same s and α, to the bit, without a division for each y, which takes several times as long as all else.</summary>
/// <remarks>
/// With r the rounded 1/α: q₀ = n·r, and q = q₀ + r·(n − q₀·α) in fused operations is the correctly rounded n/α (P. Markstein, "IA-64 and
/// Elementary Functions", 2000, chapter 8). A power of two common to s and α is taken out, so that α is in [1, 2) and nothing overflows that
/// would not in the quotient.
/// </remarks>
internal readonly struct Quotient<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _numerator;
    private readonly Vector<T> _minusDenominator;
    private readonly Vector<T> _reciprocal;

    public Quotient(T numerator, T denominator)
    {
        var exponent = T.IsFinite(denominator) && denominator != T.Zero ? T.ILogB(denominator) : 0;
        var scaled = T.ScaleB(denominator, -exponent);
        _numerator = new Vector<T>(T.ScaleB(numerator, -exponent));
        _minusDenominator = new Vector<T>(-scaled);
        _reciprocal = new Vector<T>(T.One / scaled);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> y)
    {
        var n = y * _numerator;
        var near = n * _reciprocal;
        return Fused(Fused(near, _minusDenominator, n), _reciprocal, near);
    }

    /// <summary>a·b + c, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Fused(Vector<T> a, Vector<T> b, Vector<T> c) => typeof(T) == typeof(float)
        ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
}
