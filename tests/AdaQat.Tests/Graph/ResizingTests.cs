using AdaQat.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.Graph;

/// <summary>Resizing computes what TorchSharp's does.</summary>
public sealed class ResizingTests
{
    private static readonly (long, long)[] Sizes = [(1, 1), (2, 3), (5, 7), (8, 9), (10, 14), (11, 5), (23, 31)];

    [Theory]
    [InlineData(ResizeMode.Nearest, InterpolationMode.Nearest, false)]
    [InlineData(ResizeMode.NearestExact, InterpolationMode.NearestExact, false)]
    [InlineData(ResizeMode.Linear, InterpolationMode.Bilinear, false)]
    [InlineData(ResizeMode.Linear, InterpolationMode.Bilinear, true)]
    [InlineData(ResizeMode.Cubic, InterpolationMode.Bicubic, false)]
    [InlineData(ResizeMode.Cubic, InterpolationMode.Bicubic, true)]
    public void Images_in_any_size_are_TorchSharps(ResizeMode mode, InterpolationMode torchMode, bool alignsCorners)
    {
        var x = GraphOracle.Noise(1, 2, 3, 5, 7);
        foreach (var (height, width) in Sizes)
        {
            GraphOracle.Check(
                ResizeOperator.ToSize(mode, [height, width], alignsCorners),
                () => interpolate(x, [height, width], mode: torchMode, align_corners: Corners(mode, alignsCorners)), x);
        }
    }

    [Theory]
    [InlineData(ResizeMode.Nearest, InterpolationMode.Nearest, false)]
    [InlineData(ResizeMode.NearestExact, InterpolationMode.NearestExact, false)]
    [InlineData(ResizeMode.Linear, InterpolationMode.Bilinear, false)]
    [InlineData(ResizeMode.Linear, InterpolationMode.Bilinear, true)]
    [InlineData(ResizeMode.Cubic, InterpolationMode.Bicubic, false)]
    public void Images_at_any_scale_are_TorchSharps(ResizeMode mode, InterpolationMode torchMode, bool alignsCorners)
    {
        var x = GraphOracle.Noise(1, 2, 3, 5, 7);
        foreach (var scale in new[] { 0.5, 0.7, 1, 1.5, 2, 2.3, 3 })
        {
            GraphOracle.Check(
                ResizeOperator.ByScale(mode, [scale, scale], alignsCorners),
                () => interpolate(x, scale_factor: [scale, scale], mode: torchMode, align_corners: Corners(mode, alignsCorners)), x);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Nearest_pixels_are_TorchSharps_for_every_pair_of_sizes(ScalarType type)
    {
        // Where ratio times place is nearly a whole number the digits of the arithmetic decide.
        for (var from = 1; from <= 39; from++)
        {
            var x = arange(from, dtype: type).reshape(1, 1, from);
            for (var to = 1; to <= 59; to++)
            {
                using var scope = NewDisposeScope();
                GraphOracle.Check(ResizeOperator.ToSize(ResizeMode.Nearest, [to]), () => interpolate(x, [to]), x);
                if (type == ScalarType.Float64)
                {
                    GraphOracle.Check(
                        ResizeOperator.ToSize(ResizeMode.NearestExact, [to]),
                        () => interpolate(x, [to], mode: InterpolationMode.NearestExact), x);
                }
            }
        }
    }

    [Fact]
    public void Lines_and_volumes_are_resized_too()
    {
        var (line, volume) = (GraphOracle.Noise(1, 2, 3, 7), GraphOracle.Noise(2, 1, 2, 3, 4, 5));

        GraphOracle.Check(
            ResizeOperator.ToSize(ResizeMode.Linear, [11]),
            () => interpolate(line, [11], mode: InterpolationMode.Linear, align_corners: false), line);
        GraphOracle.Check(
            ResizeOperator.ByScale(ResizeMode.Linear, [2, 2, 2], alignsCorners: true),
            () => interpolate(volume, scale_factor: [2, 2, 2], mode: InterpolationMode.Trilinear, align_corners: true), volume);
    }

    [Fact]
    public void A_size_can_be_that_of_another_image()
    {
        var shapes = ResizeOperator.ToSize(ResizeMode.Nearest, [SizeExpression.Of(1, 2), SizeExpression.Of(1, 3)])
            .InferShapes([[2, 3, 4, 4], [2, 9, 7, 8]]);

        shapes.Should().Equal([[2, 3, 7, 8]]);
    }

    private static bool? Corners(ResizeMode mode, bool alignsCorners) =>
        mode is ResizeMode.Nearest or ResizeMode.NearestExact ? null : alignsCorners;
}
