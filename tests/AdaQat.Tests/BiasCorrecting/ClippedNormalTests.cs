using AdaQat.BiasCorrecting;
using static TorchSharp.torch;

namespace AdaQat.Tests.BiasCorrecting;

/// <summary>The closed form, held against the integral.</summary>
public sealed class ClippedNormalTests
{
    [Theory]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(0, 6)]
    [InlineData(-1, 1)]
    [InlineData(double.NegativeInfinity, 2)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    public void The_mean_is_the_integral(double low, double high)
    {
        using var scope = NewDisposeScope();
        foreach (var (mean, deviation) in new[] { (0.0, 1.0), (1.5, 0.5), (-2.0, 3.0), (5.0, 2.0), (-3.0, 0.2) })
        {
            using var found = ClippedNormal.Mean(
                Make.Tensor([mean], ScalarType.Float64), Make.Tensor([deviation], ScalarType.Float64), low, high);

            found.item<double>().Should().BeApproximately(Integral(mean, deviation, low, high), 1e-6);
        }
    }

    [Fact]
    public void Without_deviation_it_is_the_clipped_number()
    {
        using var scope = NewDisposeScope();
        using var found = ClippedNormal.Mean(
            Make.Tensor([-2, 0.5, 9], ScalarType.Float64), zeros(3, dtype: ScalarType.Float64), 0, 6);

        Near.Numbers(found).Should().Equal(0, 0.5, 6);
    }

    private static double Integral(double mean, double deviation, double low, double high)
    {
        const int Steps = 200_000;
        const double Reach = 12;
        return Enumerable.Range(0, Steps).Sum(step =>
        {
            var z = Reach * ((2 * (step + 0.5) / Steps) - 1);
            return Math.Clamp(mean + (deviation * z), low, high) * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * 2 * Reach / Steps;
        });
    }
}
