using AdaQat.Quantizers;
using AdaQat.Quantizers.Affine;
using AdaQat.Quantizers.FixedPoint;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Uniform;

/// <summary>The one-pass kernels of uniform grids against their operators, to the bit.</summary>
public sealed class FusedUniformTests
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
                memory.narrow(0, offset, length), upstream.narrow(0, (offset * 7) % 19, length), Granularity.PerTensor, bits: 3,
                isSymmetric: length % 2 == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_length_of_a_row_agrees(ScalarType type)
    {
        for (var length = 1; length <= 100; length++)
        {
            using var scope = NewDisposeScope();
            var (x, upstream) = (Make.Random(6 * length, type), Make.Random(6 * length, type, seed: 2));
            Agree(x.reshape(6, length), upstream.reshape(6, length), Granularity.PerChannel(), bits: 4);
            Agree(x.reshape(2, 3, length), upstream.reshape(2, 3, length), Granularity.PerChannel(axis: 1), bits: 2);
            Agree(x.reshape(2, 3 * length), upstream.reshape(2, 3 * length), Granularity.PerGroup(length), bits: 5);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_width_and_form_agrees(ScalarType type)
    {
        using var x = Make.Random(1024, type).reshape(4, 8, 32);
        using var upstream = Make.Random(1024, type, seed: 2).reshape(4, 8, 32);
        foreach (var (bits, granularity, isSymmetric, isNarrow) in
            from bits in Enumerable.Range(1, BitWidth.MaximumBits)
            from granularity in new[]
            {
                Granularity.PerTensor, Granularity.PerChannel(), Granularity.PerChannel(axis: 1), Granularity.PerGroup(16),
            }
            from isSymmetric in new[] { true, false }
            from isNarrow in new[] { true, false }
            where bits > 1 || !isNarrow || isSymmetric
            select (bits, granularity, isSymmetric, isNarrow))
        {
            using var scope = NewDisposeScope();
            Agree(x, upstream, granularity, bits, isSymmetric, isNarrow);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Edge_values_agree(ScalarType type)
    {
        double[] edges =
        [
            0, -0.0, 1, -1, 1e-45, -1e-45, 1e-39, 3e37, -3e37, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.5, 1.5, 2.5,
            -0.5, -1.5, 6.5, 7.5, -7.5, -8.5, 8, -8, 15.5,
        ];
        foreach (var (bits, isSigned, overflow) in
            from bits in Enumerable.Range(1, 8)
            from isSigned in new[] { true, false }
            from overflow in Enum.GetValues<CodeOverflow>()
            select (bits, isSigned, overflow))
        {
            using var scope = NewDisposeScope();
            var (smallest, largest) = FixedPointNumbers.Codes(bits, isSigned);
            var form = new UniformForm(Granularity.PerTensor, smallest, largest, overflow);
            var x = Make.Tensor(edges, type);
            foreach (var fractionBits in new[] { 0, 2, -3 })
            {
                Agree(x, Make.Random(edges.Length, type), FixedPointNumbers.WithFractionBits(zeros(1, dtype: type), fractionBits), form);
            }

            // Where the input lies outside, an infinite or undefined gradient is masked, too.
            Agree(
                Make.Tensor([-1e9, 1e9, double.NaN], type),
                Make.Tensor([double.PositiveInfinity, double.NaN, double.NegativeInfinity], type),
                FixedPointNumbers.WithFractionBits(zeros(1, dtype: type), 0), form);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Ranges_agree_and_leave_out_what_is_not_finite(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = Make.Random(1600, type).reshape(5, 4, 80);
        x[0, 1, 3] = double.NaN;
        x[1, 0, 79] = double.PositiveInfinity;
        x[2, 3, 0] = double.NegativeInfinity;
        x[3] = double.NaN;
        x[4].abs_();
        foreach (var granularity in new[]
        {
            Granularity.PerTensor, Granularity.PerChannel(), Granularity.PerChannel(axis: 1), Granularity.PerGroup(16),
        })
        {
            FusedUniform.Serves(x, granularity, KernelChoice.Fused).Should().BeTrue();
            var fused = TensorRange.Whole(x, granularity, KernelChoice.Fused);
            var operators = TensorRange.Whole(x, granularity, KernelChoice.Operators);
            Near.Numbers(fused.Low).Should().Equal(Near.Numbers(operators.Low)).And.OnlyContain(v => v <= 0 && double.IsFinite(v));
            Near.Numbers(fused.High).Should().Equal(Near.Numbers(operators.High)).And.OnlyContain(v => v >= 0 && double.IsFinite(v));
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Many_blocks_and_any_number_of_threads_agree(ScalarType type)
    {
        using var threads = new TorchThreads();
        using var scope = NewDisposeScope();
        var (rows, length) = (7L, Blocks.Size - 11L);
        var (x, upstream) = (Make.Random(rows * length, type), Make.Random(rows * length, type, seed: 2));
        foreach (var n in new[] { 1, 2, 5 })
        {
            set_num_threads(n);
            Agree(x, upstream, Granularity.PerTensor, bits: 4);
            Agree(x.reshape(rows, length), upstream.reshape(rows, length), Granularity.PerChannel(), bits: 4);
            Agree(x.reshape(-1, rows, 3), upstream.reshape(-1, rows, 3), Granularity.PerGroup(21), bits: 4);
            Agree(x.reshape(-1, rows, 3), upstream.reshape(-1, rows, 3), Granularity.PerChannel(axis: 1), bits: 4);
            Agree(x.reshape(-1, rows * 3), upstream.reshape(-1, rows * 3), Granularity.PerChannel(axis: 1), bits: 4);
        }
    }

    [Fact]
    public void Dense_layouts_are_served_and_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        var plain = Make.Random(4 * 3 * 5 * 6, ScalarType.Float32).reshape(4, 3, 5, 6);
        var channelsLast = plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        foreach (var x in new[] { plain, channelsLast, plain.transpose(0, 3), plain[1] })
        {
            foreach (var upstream in new[] { Make.Random(x.numel(), ScalarType.Float32, 2).reshape(x.shape), ones(1).expand(x.shape) })
            {
                Agree(x, upstream, Granularity.PerTensor, bits: 4);
                for (var axis = 0; axis < x.dim(); axis++)
                {
                    Agree(x, upstream, Granularity.PerChannel(axis), bits: 4);
                }
            }

            FusedUniform.Forward(x, Numbers(x, Granularity.PerTensor, 4, true, false), Form(Granularity.PerTensor, 4, true, false))
                .stride().Should().Equal(x.stride());
        }

        foreach (var x in new[] { plain.slice(3, 0, 6, 2), plain[0].unsqueeze(0).expand(4, 3, 5, 6), plain.to(ScalarType.Float16) })
        {
            FusedUniform.Serves(x, Granularity.PerTensor, KernelChoice.Fused).Should().BeFalse();
        }

        FusedUniform.Serves(channelsLast, Granularity.PerGroup(5), KernelChoice.Fused).Should().BeFalse("groups are not neighbours");
        FusedUniform.Serves(zeros(1 << 15, 4), Granularity.PerGroup(2), KernelChoice.Fused).Should().BeFalse("there are too many groups");
        FusedUniform.Serves(plain, Granularity.PerTensor, KernelChoice.Operators).Should().BeFalse();
    }

    private static UniformForm Form(Granularity granularity, int bits, bool isSymmetric, bool isNarrow)
    {
        var (smallest, largest) = AffineNumbers.Codes(bits, isSymmetric, isSigned: true, isNarrow);
        return new UniformForm(granularity, smallest, largest);
    }

    private static Tensor Numbers(Tensor x, Granularity granularity, int bits, bool isSymmetric, bool isNarrow)
    {
        var (low, high) = TensorRange.Whole(x, granularity, KernelChoice.Operators);
        return AffineNumbers.Of(low.mul(0.7), high.mul(0.6), bits, isSymmetric, isSigned: true, isNarrow);
    }

    private static void Agree(
        Tensor x, Tensor upstream, Granularity granularity, int bits, bool isSymmetric = false, bool isNarrow = false) =>
        Agree(x, upstream, Numbers(x, granularity, bits, isSymmetric, isNarrow), Form(granularity, bits, isSymmetric, isNarrow));

    private static void Agree(Tensor x, Tensor upstream, Tensor numbers, UniformForm form)
    {
        FusedUniform.Serves(x, form.Granularity, form.Kernels).Should().BeTrue();
        var what = $"{form}, {x.dtype}, [{string.Join(", ", x.shape)}]";

        Same(FusedUniform.Forward(x, numbers, form), UniformOperators.Forward(x, numbers, form), what);
        Same(FusedUniform.Backward(upstream, x, numbers, form), UniformOperators.BackwardInput(upstream, x, numbers, form), what);
    }

    private static void Same(Tensor actual, Tensor expected, string what)
    {
        actual.shape.Should().Equal(expected.shape);
        actual.dtype.Should().Be(expected.dtype);
        Near.Numbers(actual).Should().Equal(Near.Numbers(expected), "of {0}", what);
    }
}
