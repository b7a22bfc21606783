using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Tests.Support;
using FsCheck.Fluent;

namespace AdaQat.Tests.Requantization;

/// <summary>The oracle is the function of every single integer, and its nearest code.</summary>
public sealed class CodeSearchTests
{
    private static readonly PointwiseOperator[] Functions =
    [
        .. Enum.GetValues<ActivationFunction>().Select(function => new ActivationOperator(function)),
        .. Enum.GetValues<UnaryFunction>().Select(function => new UnaryOperator(function))
            .Where(CurveBounds.Knows),
    ];

    private static readonly ElementwiseOperator[] Pairs =
    [
        new AddOperator(), new SubtractOperator(), new MultiplyOperator(), new DivideOperator(), new MaximumOperator(),
        new MinimumOperator(), new PowerOperator(),
    ];

    private static readonly double[] Exponents = [-3, -2, -0.5, 0, 1 / 3.0, 0.5, 1, 1.5, 2, 3, 4, 5];

    [Fact]
    public void Sums_behind_expressions_have_the_code_of_the_expressions_value() =>
        Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), IsRight);

    [Fact]
    public void Bounds_hold_all_that_the_integers_of_a_range_stand_for() => Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), AreBounds);

    [Fact]
    public void Sums_of_the_full_range_take_few_looks()
    {
        var x = new ChannelMap(Rational.Of(1e-5), Rational.Of(0.25));
        var silu = new ChannelMap(1, 0, Curve: new(new MultiplyOperator(), x, new(1, 0, Curve: new(
            new ActivationOperator(ActivationFunction.Sigmoid), x))));
        var steps = CodeSearch.Of(silu, new(0.03, 0, -12, 243), -1 << 25, 1 << 25)!;

        steps.Falls.Should().BePositive().And.BeLessThan(12);
        steps.Rises.Should().Be(steps.Codes[^1] - steps.Codes[0] + steps.Falls);
        steps.Codes[^1].Should().Be(255);
    }

    [Fact]
    public void A_clamp_doesnt_hide_that_there_is_no_number()
    {
        var x = new ChannelMap(1, 0);
        ChannelMap[] clamped =
        [
            new(1, 0, 0, 1, new(new DivideOperator(), x, x)), new(1, 0, 0, 1, new(new UnaryOperator(UnaryFunction.Sqrt), x)),
            new(1, 0, 0, 1, new(new PowerOperator(), x, new(0, Rational.Of(0.5)))),
            new(0, 0, Curve: new(new UnaryOperator(UnaryFunction.Log), x)),
        ];

        foreach (var map in clamped)
        {
            var (low, high) = CurveBounds.Of(map, [-4, 1], [4, 4]);

            (low[0], high[0]).Should().Be((double.NegativeInfinity, double.PositiveInfinity), map.ToString());
            double.IsFinite(high[1] - low[1]).Should().BeTrue(map.ToString());
        }
    }

    [Fact]
    public void Powers_have_bounds_that_know_of_zero()
    {
        Bounds(2, -3, 2).Should().Be((0, 9));
        Bounds(2, -3, -2).Should().Be((4, 9));
        Bounds(4, 1, 2).Should().Be((1, 16));
        Bounds(3, -3, 2).Should().Be((-27, 8));
        Bounds(0, -3, 2).Should().Be((1, 1));
        Bounds(0.5, 0, 4).Should().Be((0, 2));
        Bounds(-1, -4, -2).Should().Be((-0.5, -0.25));
        Bounds(-2, 2, 4).Should().Be((0.0625, 0.25));
        Bounds(0.5, -1, 4).Should().Be((double.NegativeInfinity, double.PositiveInfinity), "−1 has no root");
        Bounds(-1, -1, 4).Should().Be((double.NegativeInfinity, double.PositiveInfinity), "0 has no reciprocal");
        Bounds(-2, 0, 4).Should().Be((double.NegativeInfinity, double.PositiveInfinity), "0 has no reciprocal");

        static (double Low, double High) Bounds(double exponent, double from, double to)
        {
            var (low, high) = CurveBounds.Of(
                new(1, 0, Curve: new(new PowerOperator(), new(1, 0), new(0, Rational.Of(exponent)))), [from], [to]);
            return (Math.Round(low[0], 10), Math.Round(high[0], 10));
        }
    }

    [Fact]
    public void An_integer_that_stands_for_no_number_has_no_code()
    {
        var x = new ChannelMap(1, 0);
        var quotient = new ChannelMap(1, 0, Curve: new(new DivideOperator(), x, x));

        CodeSearch.Of(quotient, new(0.5, 0, 0, 3), -4, 4).Should().BeNull("0 / 0 is none");
        CodeSearch.Of(quotient, new(0.5, 0, 0, 3), 1, 4)!.Codes.Should().Equal(2);
    }

    private static ChannelMap Expression(Random random, int depth)
    {
        var map = new ChannelMap(Rational.Of((random.NextDouble() - 0.4) / 8), Rational.Of(random.NextDouble() - 0.5));
        if (depth > 0)
        {
            var inner = Expression(random, depth - 1);
            map = new(Rational.Of(random.NextDouble() - 0.4), Rational.Of(random.NextDouble() - 0.5), Curve: random.Next(2) == 0
                ? new(Functions[random.Next(Functions.Length)], inner)
                : random.Next(3) == 0
                ? new(new PowerOperator(), inner, new(0, Rational.Of(Exponents[random.Next(Exponents.Length)])))
                : new(Pairs[random.Next(Pairs.Length)], inner, Expression(random, random.Next(depth))));
        }

        return random.Next(4) == 0 ? map.Clamped(Rational.Of(-0.3), random.Next(2) == 0 ? null : 1) : map;
    }

    private static void AreBounds(int seed)
    {
        var random = new Random(seed);
        var map = Expression(random, 3);
        double from = random.Next(-300, 300);
        var to = from + random.Next(0, 40);

        var (low, high) = CurveBounds.Of(map, [from], [to]);

        for (var integer = (long)from; integer <= to; integer++)
        {
            var number = map.NumberOf(integer);
            var rounding = 1e-13 * (1 + Math.Max(Math.Abs(low[0]), Math.Abs(high[0])));
            if (number < low[0] - rounding || number > high[0] + rounding || (double.IsNaN(number) && double.IsFinite(high[0] - low[0])))
            {
                throw new InvalidOperationException($"{integer} is {number}, outside {low[0]} to {high[0]}, by {map}.");
            }
        }
    }

    private static void IsRight(int seed)
    {
        var random = new Random(seed);
        var bits = random.Next(1, 9);
        var grid = new CodeGrid(0.004 + (random.NextDouble() / bits), random.Next(3) == 0 ? 0.5 : 0, -random.Next(0, 1 << bits), 0);
        grid = grid with { Highest = grid.Lowest + (1 << bits) - 1 };
        var map = Expression(random, 3);
        var (min, max) = (-random.Next(0, 200), random.Next(0, 200));

        if (CodeSearch.Of(map, grid, min, max) is not { } steps)
        {
            return;
        }

        for (var integer = min; integer <= max; integer++)
        {
            var code = steps.Codes[steps.From.Count(from => integer >= from)];
            var expected = map.NumberOf(integer) switch
            {
                double.PositiveInfinity => grid.MaxCode,
                double.NegativeInfinity => 0,
                var number => grid.CodeOf(Rational.Of(number)),
            };
            if (code != expected)
            {
                throw new InvalidOperationException($"The code of {integer} is {code}, not {expected}, by {map}, {grid}.");
            }
        }
    }
}
