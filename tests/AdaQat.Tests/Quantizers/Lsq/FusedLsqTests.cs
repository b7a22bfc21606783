using AdaQat.Quantizers;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Lsq;
using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Lsq;

/// <summary>LSQ's one-pass gradients against its operators: the input's to the bit, step's and offset's to the rounding of sums.</summary>
public sealed class FusedLsqTests
{
    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_width_form_and_granularity_agrees(ScalarType type)
    {
        using var x = Make.Random(1024, type).reshape(4, 8, 32);
        using var upstream = Make.Random(1024, type, seed: 2).reshape(4, 8, 32);
        foreach (var (form, granularity) in
            from granularity in new[]
            {
                Granularity.PerTensor, Granularity.PerChannel(), Granularity.PerChannel(axis: 1), Granularity.PerGroup(16),
            }
            from form in Forms(granularity)
            select (form, granularity))
        {
            using var scope = NewDisposeScope();
            var scales = granularity.ScalesFor(x.shape);
            Agree(x, upstream, linspace(0.5, 3, scales, dtype: type), linspace(-2, 0.5, scales, dtype: type), form);
        }
    }

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
                memory.narrow(0, offset, length), upstream.narrow(0, (offset * 7) % 19, length), ones(1, dtype: type),
                full(1, -0.7, dtype: type), Form(3, isSigned: true, hasOffset: length % 2 == 0, Granularity.PerTensor));
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_length_of_a_row_and_any_dense_layout_agrees(ScalarType type)
    {
        for (var length = 1; length <= 60; length++)
        {
            using var scope = NewDisposeScope();
            var x = Make.Random(6 * length, type).reshape(2, 3, length);
            var upstream = Make.Random(6 * length, type, seed: 2);
            for (var axis = 0; axis < 3; axis++)
            {
                var form = Form(3, isSigned: true, hasOffset: true, Granularity.PerChannel(axis));
                foreach (var layout in new[] { x, x.transpose(1, 2).contiguous().transpose(1, 2), x.transpose(0, 2) })
                {
                    var own = layout.shape[axis];
                    var (step, offset) = (linspace(0.5, 3, own, dtype: type), linspace(-2, 0.5, own, dtype: type));
                    Agree(layout, upstream.reshape(layout.shape), step, offset, form);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Edge_values_agree(ScalarType type)
    {
        double[] edges =
        [
            0, -0.0, 3, -4, Math.BitDecrement(3f), Math.BitIncrement(-4f), 1e-45, -1e-45, 3e37, -3e37, double.NaN, double.PositiveInfinity,
            double.NegativeInfinity, 0.5, 1.5, 2.5, -0.5, -1.5, 2.999, 3.4, -4.4,
        ];
        foreach (var form in Forms(Granularity.PerTensor))
        {
            using var scope = NewDisposeScope();
            // A step of 1, so that the edges are the codes.
            Agree(
                Make.Tensor(edges, type), ones(edges.Length, dtype: type), full(1, form.Root, dtype: type), full(1, -1.5, dtype: type),
                form);
        }
    }

    [Fact]
    public void Sums_do_not_depend_on_the_number_of_threads()
    {
        using var threads = new TorchThreads();
        using var scope = NewDisposeScope();
        var count = (Blocks.Size * 5L) + 75;
        var (x, upstream) = (Make.Random(count, ScalarType.Float32), Make.Random(count, ScalarType.Float32, seed: 2));
        var sums = new List<(double, double)>();
        foreach (var n in new[] { 1, 2, 5 })
        {
            set_num_threads(n);
            var form = Form(4, isSigned: true, hasOffset: true, Granularity.PerChannel());
            var numbers = LsqNumbers.Of(Make.Tensor([1, 2, 3, 4, 5]), Make.Tensor([-1, -2, -3, -4, -5]), form);
            var (forStep, forOffset) = FusedLsq.Backward(
                upstream.reshape(5, -1), x.reshape(5, -1), numbers, form.Uniform, forInput: null);
            var rows = Form(4, isSigned: true, hasOffset: true, Granularity.PerChannel(axis: 1));
            var (ofRows, _) = FusedLsq.Backward(upstream.reshape(-1, 5), x.reshape(-1, 5), numbers, rows.Uniform, forInput: null);
            sums.Add((Near.Numbers(forStep)[3] + Near.Numbers(ofRows)[2], Near.Numbers(forOffset)[3]));
        }

        sums.Distinct().Should().ContainSingle("sums are formed block by block, whoever does it");
    }

    private static IEnumerable<LsqForm> Forms(Granularity granularity) =>
        from bits in Enumerable.Range(1, 8)
        from isSigned in new[] { false, true }
        from hasOffset in new[] { false, true }
        select Form(bits, isSigned, hasOffset, granularity);

    private static LsqForm Form(int bits, bool isSigned, bool hasOffset, Granularity granularity) =>
        LsqForm.At(bits, isSigned, hasOffset, isBatch: false, granularity, KernelChoice.Fused);

    private static void Agree(Tensor x, Tensor upstream, Tensor unitStep, Tensor offset, LsqForm form)
    {
        var numbers = LsqNumbers.Of(unitStep, offset, form);
        var what = $"{form}, {x.dtype}, [{string.Join(", ", x.shape)}]";
        FusedUniform.Serves(x, form.Uniform.Granularity, form.Uniform.Kernels).Should().BeTrue();
        var forInput = empty_like(x);

        var (forStep, forOffset) = FusedLsq.Backward(upstream, x, numbers, form.Uniform, forInput);

        Near.Numbers(FusedUniform.Forward(x, numbers, form.Uniform)).Should()
            .Equal(Near.Numbers(UniformOperators.Forward(x, numbers, form.Uniform)), "values of {0}", what);
        Near.Numbers(forInput).Should()
            .Equal(Near.Numbers(LsqOperators.BackwardInput(upstream, x, numbers, form.Uniform)), "the input's gradient of {0}", what);
        var (step, other) = LsqOperators.BackwardGrid(upstream, x, numbers, form.Uniform);
        var most = Math.Max(1, form.Uniform.Largest);
        var size = Near.Numbers(upstream.abs().sum())[0];
        Close(forStep, step, Near.Relative(x.dtype) * size * most, what);
        Close(forOffset, other, Near.Relative(x.dtype) * size, what);
    }

    private static void Close(Tensor actual, Tensor expected, double tolerance, string what)
    {
        actual.dtype.Should().Be(expected.dtype);
        actual.shape.Should().Equal(expected.shape);
        Near.Numbers(actual).Should().Equal(Near.Numbers(expected), (a, b) => Math.Abs(a - b) <= tolerance, "of {0}", what);
    }
}
