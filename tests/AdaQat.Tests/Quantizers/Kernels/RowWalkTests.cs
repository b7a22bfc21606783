using AdaQat.Quantizers.Kernels;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Kernels;

public sealed class RowWalkTests
{
    [Fact]
    public void Every_element_meets_the_scale_that_the_granularity_gives_it()
    {
        using var scope = NewDisposeScope();
        foreach (var granularity in MakeUniform.Granularities)
        {
            var tensor = zeros(3, 2, 4);
            var rows = RowWalk.Of(tensor, granularity);
            var found = new long[tensor.numel()];
            foreach (var (start, length) in new[] { (0L, 5L), (5L, 1L), (6L, 18L) })
            {
                rows.Run(start, length, (scale, from, count) => Array.Fill(found, scale, (int)from, (int)count));
            }

            var (view, scales) = granularity.Layout(tensor.shape);
            var expected = arange(rows.Scales).reshape(scales).expand(view).reshape(-1);
            found.Select(n => (double)n).Should().Equal(Near.Numbers(expected), "of {0}", granularity);
        }
    }

    [Fact]
    public void In_any_dense_layout_the_elements_are_those_of_its_memory()
    {
        using var scope = NewDisposeScope();
        var memory = arange(4 * 3 * 2 * 5);
        foreach (var order in new long[][] { [0, 1, 2, 3], [0, 3, 1, 2], [3, 2, 1, 0], [1, 0, 3, 2] })
        {
            var tensor = memory.to(ScalarType.Float32).reshape(4, 3, 2, 5).permute(order);
            for (var axis = 0; axis < 4; axis++)
            {
                var granularity = Granularity.PerChannel(axis);
                RowWalk.Serves(tensor, granularity).Should().BeTrue();
                var found = new double[memory.numel()];
                RowWalk.Of(tensor, granularity).Run(
                    0, found.Length, (scale, from, count) => Array.Fill(found, scale, (int)from, (int)count));

                var (view, scales) = granularity.Layout(tensor.shape);
                var channels = arange(tensor.shape[axis]).reshape(scales).expand(view).reshape(-1);
                var places = tensor.reshape(-1).to(ScalarType.Int64);
                found.Should().Equal(Near.Numbers(zeros_like(channels).index_copy(0, places, channels)), "of axis {0}", axis);
            }
        }
    }

    [Fact]
    public void Sums_of_rows_are_put_together_across_blocks()
    {
        using var scope = NewDisposeScope();
        var tensor = zeros(3, Blocks.Size);
        var rows = RowWalk.Of(tensor, Granularity.PerGroup(Blocks.Size / 2));

        var (sums, most) = rows.Fold(
            tensor.numel(), (_, from, count) => (count, from + count), (a, b) => a + b, Math.Max);

        sums.Should().Equal(Enumerable.Repeat(Blocks.Size / 2.0, 6));
        most.Should().Equal(Enumerable.Range(1, 6).Select(i => i * Blocks.Size / 2.0));
    }
}
