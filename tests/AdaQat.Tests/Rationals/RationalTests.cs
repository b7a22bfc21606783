using AdaQat.Export;
using AdaQat.Tests.Support;
using FsCheck.Fluent;

namespace AdaQat.Tests.Rationals;

public sealed class RationalTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(-1e300)]
    [InlineData(double.Epsilon)]
    [InlineData(0)]
    [InlineData(3.5)]
    [InlineData(-1e-310)]
    public void A_double_comes_back(double number) => Rational.Of(number).ToDouble().Should().Be(number);

    [Fact]
    public void Arithmetic_is_that_of_fractions() => Arbitrary.ForAll(Gen.Choose(-1000, 1000).Three(), three =>
    {
        var (a, b, c) = three;
        ((new Rational(a, 6) + new Rational(b, 4)) * 12).Should().Be((Rational)((2 * a) + (3 * b)));
        (c == 0 ? 0 : new Rational(a, c) * c / 1).Should().Be((Rational)(c == 0 ? 0 : a));
        ((Rational)a).CompareTo(b).Should().Be(a.CompareTo(b));
        new Rational(a, 2).Floor().Should().Be((System.Numerics.BigInteger)Math.Floor(a / 2.0));
        new Rational(a, 2).Ceiling().Should().Be((System.Numerics.BigInteger)Math.Ceiling(a / 2.0));
        (a == 0 || (Math.Abs(a) >> ((Rational)a).Exponent()) == 1).Should().BeTrue();
    });
}
