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
