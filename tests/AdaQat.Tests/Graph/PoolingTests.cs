using AdaQat.Graph;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.Graph;

/// <summary>Pooling computes what TorchSharp's does.</summary>
public sealed class PoolingTests
{
    private static readonly Gen<(WindowCase Window, bool RoundsUp)> Windows =
        from window in WindowCase.Any(mostPadding: null)
        from roundsUp in Gen.Elements(false, true)
        select (window, roundsUp);

    [Fact]
    public void Maximum_pooling_of_any_attributes_is_TorchSharps()
    {
        Arbitrary.ForAll(Windows, pooling =>
        {
            using var scope = NewDisposeScope();
            var (c, up) = pooling;
            var x = GraphOracle.Noise(c.Seed, [c.Batch, c.In, .. c.Size]);
            var (k, s, p, d) = (c.Kernel, c.Stride, c.Padding, c.Dilation);
            GraphOracle.Check(
                new MaxPoolOperator([.. k], [.. s], [.. p], [.. d], up),
                () => c.Axes switch
                {
                    1 => max_pool1d(x, k[0], s[0], p[0], d[0], up),
                    2 => max_pool2d(x, k, s, p, d, up),
                    _ => max_pool3d(x, k, s, p, d, up),
                },
                x);
        });
    }

    [Fact]
    public void Average_pooling_of_any_attributes_is_TorchSharps()
    {
        Arbitrary.ForAll(Windows, pooling =>
        {
            using var scope = NewDisposeScope();
            var (c, up) = pooling;
            // TorchSharp's has a divisor over two and three axes.
            long? divisor = c.Axes > 1 && c.Seed % 3 == 0 ? 5 : null;
            // Over three axes TorchSharp's refuses windows that are larger than the image without its padding.
            var size = c.Size.Select((count, axis) => c.Axes == 3 ? Math.Max(count, c.Kernel[axis]) : count);
            var x = GraphOracle.Noise(c.Seed, [c.Batch, c.In, .. size]);
            var (k, s, p) = (c.Kernel, c.Stride, c.Padding);
            GraphOracle.Check(
                new AveragePoolOperator([.. k], [.. s], [.. p], up, c.Flag, divisor),
                () => c.Axes switch
                {
                    1 => avg_pool1d(x, k[0], s[0], p[0], up, c.Flag),
                    2 => avg_pool2d(x, k, s, p, up, c.Flag, divisor),
                    _ => avg_pool3d(x, k, s, p, up, c.Flag, divisor),
                },
                x);
        });
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 7)]
    [InlineData(9, 4)]
    public void Adaptive_pooling_is_TorchSharps(long height, long width)
    {
        var x = GraphOracle.Noise(1, 2, 3, 5, 7);
        long[] size = [height, width];

        GraphOracle.Check(new AdaptivePoolOperator(Reduction.Mean, [height, width]), () => adaptive_avg_pool2d(x, size), x);
        GraphOracle.Check(new AdaptivePoolOperator(Reduction.Max, [height, width]), () => adaptive_max_pool2d(x, size), x);
    }

    [Fact]
    public void Adaptive_pooling_goes_over_one_axis_and_over_three_and_keeps_what_remains()
    {
        var (line, volume) = (GraphOracle.Noise(1, 2, 3, 7), GraphOracle.Noise(2, 2, 3, 4, 5, 6));

        GraphOracle.Check(new AdaptivePoolOperator(Reduction.Mean, [3]), () => adaptive_avg_pool1d(line, 3), line);
        // TorchSharp 0.107's maximum over three axes refuses them.
        GraphOracle.Check(new AdaptivePoolOperator(Reduction.Mean, [2, -1, 4]), () => adaptive_avg_pool3d(volume, [2, 5, 4]), volume);
    }

    [Fact]
    public void A_window_larger_than_the_image_is_refused()
    {
        var infer = () => new MaxPoolOperator([4, 4], [1, 1], [0, 0], [1, 1]).InferShapes([[1, 1, 3, 4]]);

        infer.Should().Throw<GraphException>().WithMessage("*window reaches over 4 elements; the input has 3*");
    }
}
