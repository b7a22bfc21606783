using System.Numerics;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Tests.Quantizers.Kernels;

/// <summary>The quotient without a division is the division's, wherever rounding it to a whole number could tell them apart.</summary>
public sealed class QuotientTests
{
    private const int Seed = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(127)]
    [InlineData(255)]
    [InlineData(65535)]
    public void In_single_precision_it_is_the_division_around_every_tie(int steps)
    {
        var random = new Random(Seed);
        foreach (var alpha in Alphas(random))
        {
            var quotient = new Quotient<float>(steps, alpha);
            for (var step = 0; step < Math.Min(steps, 300); step++)
            {
                var y = (float)((step + 0.5) * alpha / steps);
                for (var i = 0; i < 4; i++)
                {
                    y = MathF.BitDecrement(y);
                }

                for (var i = 0; i < 9; i++, y = MathF.BitIncrement(y))
                {
                    quotient.Of(new Vector<float>(y))[0].Should().Be(y * steps / alpha, "y = {0:R}, α = {1:R}", y, alpha);
                }
            }
        }
    }

    [Fact]
    public void In_double_precision_it_is_the_division()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var (alpha, y) = (Math.Exp(random.NextDouble() * 20 - 10), Math.Exp(random.NextDouble() * 20 - 12));

            new Quotient<double>(15, alpha).Of(new Vector<double>(y))[0].Should().Be(y * 15 / alpha, "y = {0:R}, α = {1:R}", y, alpha);
        }
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(1e30f)]
    [InlineData(1e-6f)]
    public void Clipping_values_of_any_size_have_their_steps(float alpha)
    {
        var quotient = new Quotient<float>(15, alpha);

        quotient.Of(new Vector<float>(alpha))[0].Should().Be(15);
        quotient.Of(new Vector<float>(alpha / 2))[0].Should().BeApproximately(7.5f, 1e-6f);
        quotient.Of(Vector<float>.Zero)[0].Should().Be(0);
        quotient.Of(new Vector<float>(float.NaN))[0].Should().Be(float.NaN);
    }

    /// <summary>Random ones, powers of two and their neighbours: one ulp below a power of two is the method's hard case.</summary>
    private static IEnumerable<float> Alphas(Random random) =>
    [
        1f, 2f, 0.5f, MathF.BitDecrement(1f), MathF.BitDecrement(2f), MathF.BitIncrement(1f), 1e-6f, 6f, 1e6f,
        .. Enumerable.Range(0, 60).Select(_ => (float)Math.Exp((random.NextDouble() * 16) - 10)),
    ];
}
