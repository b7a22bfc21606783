using AdaQat.Quantizers;
using AdaQat.Quantizers.AdditivePowerOfTwo;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using AdaQat.Quantizers.PowerOfTwo;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>The kernels of levels against the operators: to the bit, but for the order of sums.</summary>
public sealed class FusedLevelsTests
{
    private static readonly double[] EdgeValues =
    [
        0, -0.0, 1e-45, -1e-45, 0.75, -0.75, 1.5, -1.5, 3, -3, 1, -1, 2, -2, 1e30, -1e30, double.NaN, double.PositiveInfinity,
        double.NegativeInfinity,
    ];

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_length_and_alignment_agrees(ScalarType type)
    {
        using var memory = Make.Random(200, type);
        using var upstream = Make.Random(200, type, seed: 2);
        for (var length = 1; length <= 130; length++)
        {
            using var scope = NewDisposeScope();
            Agree(memory.narrow(0, length % 19, length), upstream.narrow(0, length % 7, length), 1.1, 3, length % 2 == 0, false);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_width_form_range_and_edge_value_agrees(ScalarType type)
    {
        var cases =
            from bits in Enumerable.Range(2, 7)
            from isSigned in new[] { false, true }
            from passesOutside in new[] { false, true }
            from range in new[]
            {
                0, 1e-40, 0.3, 2, 0.25, 1e30, double.NaN, Math.ScaleB(1, -100), Math.ScaleB(1, 100), Math.ScaleB(1, -140),
            }
            select (bits, isSigned, passesOutside, range);
        foreach (var (bits, isSigned, passesOutside, range) in cases)
        {
            using var scope = NewDisposeScope();
            var around = Around(bits, isSigned, passesOutside, range, type);
            var x = cat([Make.Random(200, type), around, Make.Tensor(EdgeValues, type)]);
            Agree(x, Make.Random(x.numel(), type, seed: 2), range, bits, isSigned, passesOutside);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Several_blocks_and_any_layout_agree(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = Make.Random(3 * 50_000, type).reshape(3, 100, 500);
        var upstream = Make.Random(x.numel(), type, seed: 2).reshape(3, 100, 500);

        Agree(x, upstream, 0.9, 4, isSigned: true, passesOutside: false);
        Agree(x.permute(2, 0, 1), upstream.permute(2, 0, 1).contiguous(), 0.9, 4, isSigned: true, passesOutside: false);
        Agree(x.transpose(0, 1), upstream.transpose(0, 1), 0.9, 4, isSigned: false, passesOutside: false);
    }

    [Fact]
    public void Other_types_gaps_and_the_choice_of_operators_are_left_to_the_operators()
    {
        using var scope = NewDisposeScope();
        var form = Form(3, isSigned: true, passesOutside: false);

        FusedLevels.Serves(rand(8), form).Should().BeTrue();
        FusedLevels.Serves(rand(8), form with { Kernels = KernelChoice.Operators }).Should().BeFalse();
        FusedLevels.Serves(rand(8).to(ScalarType.BFloat16), form).Should().BeFalse();
        FusedLevels.Serves(rand(8, 8).slice(1, 0, 8, 2), form).Should().BeFalse();
    }

    /// <summary>Every level and every middle in the range, each with its neighbours of either side, and their opposites.</summary>
    private static Tensor Around(int bits, bool isSigned, bool passesOutside, double range, ScalarType type)
    {
        var table = Form(bits, isSigned, passesOutside).Table;
        var numbers = table.Magnitudes.Concat(table.Middles).Select(m => m * (range / table.Largest)).SelectMany<double, double>(
            type == ScalarType.Float32
                ? n => [(float)n, MathF.BitIncrement((float)n), MathF.BitDecrement((float)n)]
                : n => [n, Math.BitIncrement(n), Math.BitDecrement(n)]);
        return Make.Tensor([.. numbers.SelectMany<double, double>(n => [n, -n])], type);
    }

    private static LevelForm Form(int bits, bool isSigned, bool passesOutside) => new(
        passesOutside ? PowerOfTwoLevels.Of(bits, isSigned) : AdditivePowerOfTwoLevels.Of(bits, isSigned), isSigned, passesOutside);

    private static void Agree(Tensor x, Tensor upstream, double range, int bits, bool isSigned, bool passesOutside)
    {
        var form = Form(bits, isSigned, passesOutside);
        var what = $"at {bits} bits, range {range}, signed {isSigned}, {x.dtype}, [{string.Join(", ", x.shape)}]";
        var alpha = full([], range, dtype: x.dtype);
        var number = ScaleTable.Number(alpha);

        SameBits(FusedLevels.Forward(x, number, form), LevelOperators.Forward(x, alpha, form), $"values {what}");
        var expectedForInput = LevelOperators.BackwardInput(upstream, x, alpha, form);
        var (forInput, withRange) = (empty_like(x), empty_like(x));
        FusedLevels.BackwardInput(upstream, x, number, form, forInput);
        SameBits(forInput, expectedForInput, $"gradient {what}");
        FusedLevels.BackwardRange(upstream, x, number, form, withRange);
        SameBits(withRange, expectedForInput, $"gradient beside the range's {what}");
        var finite = x.masked_fill(x.isfinite().logical_not(), 0.5).clamp(-1e6, 1e6);
        var expected = LevelOperators.BackwardRange(upstream, finite, alpha, form).to(ScalarType.Float64).item<double>();
        var terms = Math.Max(1e-30, upstream.abs().sum().to(ScalarType.Float64).item<double>());
        if (range is 0.3 or 2 or 1.1 or 0.9)
        {
            FusedLevels.BackwardRange(upstream, finite, number, form, forInput: null).Should()
                .BeApproximately(expected, 1e-5 * terms, what);
        }
    }

    /// <summary>Equal to the bit; a NaN is a NaN, whatever its payload.</summary>
    private static void SameBits(Tensor actual, Tensor expected, string what)
    {
        var (numbers, others) = (actual.nan_to_num(nan: 7.5), expected.nan_to_num(nan: 7.5));
        var isSame = Bits.Of(numbers).SequenceEqual(Bits.Of(others)) && Bits.Of(actual.isnan()).SequenceEqual(Bits.Of(expected.isnan()));
        isSame.Should().BeTrue(
            "{0}: {1} is {2}", what, string.Join(' ', Near.Numbers(actual).TakeLast(19)),
            string.Join(' ', Near.Numbers(expected).TakeLast(19)));
    }
}
