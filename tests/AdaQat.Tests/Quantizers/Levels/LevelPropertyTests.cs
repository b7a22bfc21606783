using AdaQat.Quantizers;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>What holds for every family that rounds to the nearest of its levels, at whatever numbers.</summary>
public sealed class LevelPropertyTests
{
    private static readonly string[] Rounding =
    [
        "powers of two of a weight", "powers of two, learned", "powers of two of an input", "sums of powers of a weight",
        "sums of powers of an input", "sums of powers of a weight, by operators", "codebook", "codebook by operators",
    ];

    private static readonly string[] Symmetric =
    [
        "powers of two of a weight", "powers of two, learned", "sums of powers of a weight", "ternary by tensor",
        "binary by tensor, product rule",
    ];

    private static readonly FsCheck.Gen<(string Name, int Bits, double[] Values)> Cases = Of(Rounding);

    [Fact]
    public void The_level_is_the_nearest_one() => Arbitrary.ForAll(Cases, c => Quantize(c.Name, c.Bits, c.Values, (quantizer, x, values) =>
    {
        using var encoded = quantizer.Encode(x);
        var levels = ((LevelGrid)encoded.Grid).Levels;
        foreach (var (number, value) in c.Values.Zip(values))
        {
            var least = levels.Min(l => Math.Abs(l - number));
            Math.Abs(value - number).Should().BeLessThanOrEqualTo(least + (1e-12 * Math.Abs(number)), "of {0}, {1}", number, c.Name);
        }
    }));

    [Fact]
    public void There_are_at_most_two_to_the_k_levels_in_ascending_order() => Arbitrary.ForAll(Cases, c =>
        Quantize(c.Name, c.Bits, c.Values, (quantizer, x, _) =>
        {
            using var encoded = quantizer.Encode(x);
            var levels = ((LevelGrid)encoded.Grid).Levels;
            levels.Should().BeInAscendingOrder();
            levels.Should().HaveCountLessThanOrEqualTo(1 << c.Bits);
            if (quantizer is LevelQuantizer { IsSigned: true })
            {
                levels.Should().HaveCount((1 << c.Bits) - 1).And.Contain(0);
                levels.Should().Equal(levels.Reverse().Select(l => 0 - l));
            }
        }));

    [Fact]
    public void A_larger_number_never_gives_a_smaller_one() => Arbitrary.ForAll(Cases, c =>
        Quantize(c.Name, c.Bits, [.. c.Values.Order()], (_, _, values) => values.Should().BeInAscendingOrder()));

    [Fact]
    public void No_value_lies_outside_the_range() => Arbitrary.ForAll(Cases, c =>
        Quantize(c.Name, c.Bits, c.Values, (quantizer, x, values) =>
        {
            using var encoded = quantizer.Encode(x);
            var levels = ((LevelGrid)encoded.Grid).Levels;
            values.Min().Should().BeGreaterThanOrEqualTo(levels[0]);
            values.Max().Should().BeLessThanOrEqualTo(levels[^1]);
        }));

    [Fact]
    public void What_is_on_the_grid_stays_where_it_is() => Arbitrary.ForAll(Cases, c =>
        Quantize(c.Name, c.Bits, c.Values, (quantizer, x, values) =>
        {
            if (quantizer is AdditivePowerOfTwoQuantizer { Target: QuantizerTarget.Weight })
            {
                return;
            }

            using var encoded = quantizer.Encode(x);
            // A weight's range follows it: the largest level keeps the range where it is.
            double[] onGrid = quantizer is CodebookQuantizer ? values : [.. values, ((LevelGrid)encoded.Grid).Levels[^1]];
            Near.Numbers(quantizer.call(Make.Tensor(onGrid, ScalarType.Float64))).Should().Equal(onGrid, c.Name);
        }));

    [Fact]
    public void The_opposite_weights_give_the_opposite_values() => Arbitrary.ForAll(Of(Symmetric), c =>
        Quantize(c.Name, c.Bits, [.. c.Values.Select(v => v == 0 ? 0.5 : v)], (quantizer, x, values) =>
            Near.Numbers(quantizer.call(-x)).Should().Equal(values.Select(v => 0 - v), c.Name)));

    [Fact]
    public void Levels_of_sums_are_dense_where_weights_are() => Arbitrary.ForAll(
        Gen.Choose(3, 8), bits => Quantize("sums of powers of a weight", bits, [1, -0.5, 0.25], (quantizer, x, _) =>
        {
            using var encoded = quantizer.Encode(x);
            var positive = ((LevelGrid)encoded.Grid).Levels.Where(l => l >= 0).ToList();
            (positive[1] - positive[0]).Should().BeLessThanOrEqualTo((positive[^1] - positive[^2]) * (1 + 1e-12));
        }));

    private static FsCheck.Gen<(string Name, int Bits, double[] Values)> Of(string[] names) =>
        from name in Gen.Elements(names)
        from bits in Gen.Choose(Math.Max(2, LevelFamilies.Of(name).Least), Math.Min(6, LevelFamilies.Of(name).Most))
        from values in Arbitrary.Values
        where values.Any(v => v != 0)
        select (name, LevelFamilies.Of(name).Most < 3 ? LevelFamilies.Of(name).Most : bits, values);

    private static void Quantize(string name, int bits, double[] numbers, Action<Quantizer, Tensor, double[]> check)
    {
        using var scope = NewDisposeScope();
        var x = Make.Tensor(numbers, ScalarType.Float64);
        using var quantizer = LevelFamilies.Started(name, bits, x);
        check(quantizer, x, Near.Numbers(quantizer.call(x)));
    }
}
