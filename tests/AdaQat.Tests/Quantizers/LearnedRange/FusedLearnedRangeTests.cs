using AdaQat.Quantizers;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.LearnedRange;
using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.LearnedRange;

/// <summary>
/// The one-pass gradients of a learned step and range against their operators: the input's to the bit, the sums to their rounding.
/// </summary>
public sealed class FusedLearnedRangeTests
{
    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_length_and_alignment_agrees(ScalarType type)
    {
        using var memory = Make.Random(200, type);
        using var upstream = Make.Random(200, type, seed: 2);
        for (var length = 1; length <= 130; length++)
        {
            using var scope = NewDisposeScope();
            var offset = length % 19;
            Agree(
                memory.narrow(0, offset, length), upstream.narrow(0, (offset * 7) % 19, length),
                Grid(bits: 1 + (length % 8), isSigned: length % 3 > 0));
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_width_and_dense_layout_agrees(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var plain = Make.Random(4 * 3 * 5 * 6, type).reshape(4, 3, 5, 6);
        var channelsLast = plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        foreach (var (x, bits, isSigned) in
            from x in new[] { plain, channelsLast, plain.transpose(0, 3), plain[1] }
            from bits in Enumerable.Range(1, BitWidth.MaximumBits)
            from isSigned in new[] { true, false }
            select (x, bits, isSigned))
        {
            foreach (var upstream in new[] { Make.Random(x.numel(), type, 2).reshape(x.shape), ones(1, dtype: type).expand(x.shape) })
            {
                Agree(x, upstream, Grid(bits, isSigned));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Edge_values_agree(ScalarType type)
    {
        double[] edges =
        [
            0, -0.0, 3, -3, Math.BitIncrement(3f), Math.BitDecrement(-3f), 1e-45, -1e-45, 3e37, -3e37, double.NaN, double.PositiveInfinity,
            double.NegativeInfinity, 0.5, 1.5, 2.5, -0.5, -1.5, 2.999, 3.4, -3.6, 7, -7,
        ];
        foreach (var (bits, isSigned) in from bits in Enumerable.Range(1, 8) from isSigned in new[] { true, false } select (bits, isSigned))
        {
            using var scope = NewDisposeScope();
            // Steps of 1, so that the edges are values.
            var grid = Grid(bits, isSigned, rangeLog2: Math.Log2(StepRange.At(bits, isSigned)));
            Agree(Make.Tensor(edges, type), Make.Random(edges.Length, type), grid);
        }
    }

    [Fact]
    public void Sums_do_not_depend_on_the_number_of_threads()
    {
        using var threads = new TorchThreads();
        using var scope = NewDisposeScope();
        var count = (Blocks.Size * 5L) + 75;
        var (x, upstream) = (Make.Random(count, ScalarType.Float32), Make.Random(count, ScalarType.Float32, seed: 2));
        var grid = Grid(4, isSigned: true);
        using var numbers = grid.Numbers(x.dtype, x.device);
        var sums = new List<(double, double)>();
        foreach (var n in new[] { 1, 2, 5 })
        {
            set_num_threads(n);
            sums.Add(FusedLearnedRange.Backward(upstream, x, numbers, grid.Form, forInput: null));
        }

        sums.Distinct().Should().ContainSingle("sums are formed block by block, whoever does it");
    }

    private static LearnedGrid Grid(int bits, bool isSigned, double rangeLog2 = 0.3)
    {
        var steps = StepRange.At(bits, isSigned);
        return LearnedGrid.Of(
            double.NaN, rangeLog2, new StepRange(steps, steps), isSigned, new LearnedRangeOptions(), ScalarType.Float64);
    }

    private static void Agree(Tensor x, Tensor upstream, LearnedGrid grid)
    {
        using var numbers = grid.Numbers(x.dtype, x.device);
        var form = grid.Form;
        var what = $"{grid}, {x.dtype}, [{string.Join(", ", x.shape)}]";
        FusedUniform.Serves(x, form.Granularity, form.Kernels).Should().BeTrue();
        var forInput = empty_like(x);

        var (inside, beyond) = FusedLearnedRange.Backward(upstream, x, numbers, form, forInput);

        Near.Numbers(FusedUniform.Forward(x, numbers, form)).Should()
            .Equal(Near.Numbers(UniformOperators.Forward(x, numbers, form)), "values of {0}", what);
        Near.Numbers(forInput).Should()
            .Equal(Near.Numbers(LearnedRangeOperators.BackwardInput(upstream, x, numbers, form)), "the input's gradient of {0}", what);
        var (theirInside, theirBeyond) = LearnedRangeOperators.BackwardGrid(upstream, x, numbers, form);
        var size = Near.Relative(x.dtype) * Near.Numbers(upstream.abs().sum())[0];
        inside.Should().BeApproximately(Near.Numbers(theirInside)[0], size, "of {0}", what);
        beyond.Should().BeApproximately(Near.Numbers(theirBeyond)[0], size * Math.Max(1, grid.Top), "of {0}", what);
    }
}
