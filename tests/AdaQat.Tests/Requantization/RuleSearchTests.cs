using System.Numerics;
using AdaQat.Export;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FsCheck.Fluent;

namespace AdaQat.Tests.Requantization;

/// <summary>The oracle is the quantizer's formula for every single accumulator, in exact arithmetic.</summary>
public sealed class RuleSearchTests
{
    [Fact]
    public void A_rule_gives_the_quantizers_code_for_every_integer() => Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), IsExact);

    private static void IsExact(int seed)
    {
        var random = new Random(seed);
        var bits = random.Next(1, 9);
        var grid = Grid(random, bits);
        var map = Map(random, grid);
        var (min, max) = (-random.Next(0, 1500), random.Next(0, 1500));

        var rule = RuleSearch.Find(map, grid, min, max);

        for (var integer = min; integer <= max; integer++)
        {
            if (rule.CodeOf(integer, grid.MaxCode) is var code && code != Code(map.Of(integer), grid))
            {
                throw new InvalidOperationException($"The code of {integer} is {code} by {rule}, {map}, {grid}.");
            }
        }
    }

    [Fact]
    public void An_affine_function_of_sums_needs_no_thresholds()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var grid = new CodeGrid(0.1 + random.NextDouble(), 0, 0, 15);
            var map = new ChannelMap(Rational.Of((random.NextDouble() - 0.5) / 500), Rational.Of(random.NextDouble() - 0.5));

            RuleSearch.Find(map, grid, -129_600, 129_600).Should().BeOfType<Rescale>();
        }
    }

    [Fact]
    public void A_clamp_that_jumps_over_codes_is_a_table()
    {
        var relu = new ChannelMap(Rational.Of(0.01), 0, 0);

        var rule = RuleSearch.Find(relu, new(0.1, 0, -7, 7), -1000, 1000);

        rule.Should().BeOfType<Thresholds>();
        rule.CodeOf(-1000, 14).Should().Be(7, "ReLU leaves no negative code");
    }

    [Fact]
    public void Ties_go_to_the_even_code()
    {
        var rule = RuleSearch.Find(new(new(1, 2), 0), new(1, 0, 0, 15), 0, 31);

        // 0.5 → 0, 1.5 → 2, 2.5 → 2.
        new[] { 1, 3, 5 }.Select(integer => rule.CodeOf(integer, 15)).Should().Equal(0, 2, 2);
    }

    private static CodeGrid Grid(Random random, int bits)
    {
        var lowest = random.Next(3) switch { 0 => 0, 1 => -(1L << (bits - 1)), _ => -random.Next(0, 1 << bits) };
        var offset = random.Next(4) == 0 ? 0.5 : random.Next(3) == 0 ? -random.Next(0, 20) : 0;
        var scale = random.Next(3) == 0 ? Math.ScaleB(1, -random.Next(0, 8)) : (float)(random.NextDouble() + 0.01);
        return new(scale, offset, lowest, lowest + (1L << bits) - 1);
    }

    private static ChannelMap Map(Random random, CodeGrid grid)
    {
        // Steps that hit ties, zero and negative slopes, clamps that bite.
        var steps = random.Next(5) switch { 0 => 0, 1 => 0.5, 2 => 0.25, _ => random.NextDouble() * grid.MaxCode / 300 };
        var slope = Rational.Of(random.Next(2) == 0 ? -steps : steps) * Rational.Of(grid.Scale);
        var shift = Rational.Of(random.Next(3) == 0 ? 0.5 : (random.NextDouble() - 0.5) * grid.MaxCode) * Rational.Of(grid.Scale);
        var map = new ChannelMap(slope, shift);
        map = random.Next(3) == 0 ? map.Clamped(0, random.Next(2) == 0 ? null : 6) : map;
        return random.Next(3) == 0 ? map.Then(Rational.Of(random.NextDouble() - 0.5), Rational.Of(random.NextDouble())) : map;
    }

    /// <summary>clamp(round(x / scale − offset), lowest, highest) − lowest, ties to even, in fractions.</summary>
    private static long Code(Rational value, CodeGrid grid)
    {
        var place = (value / Rational.Of(grid.Scale)) - Rational.Of(grid.Offset);
        var below = place.Floor();
        var rest = place - new Rational(below, 1);
        var half = new Rational(1, 2);
        var code = rest > half || (rest == half && !below.IsEven) ? below + 1 : below;
        return (long)(BigInteger.Clamp(code, grid.Lowest, grid.Highest) - grid.Lowest);
    }
}
