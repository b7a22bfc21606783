using AdaQat.Quantizers.DoReFaGradients;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFaGradients;

/// <summary>The kernel of quantized gradients against the operators, to the bit, and the noise of both.</summary>
public sealed class FusedGradientTests
{
    private static readonly double[] EdgeValues =
        [0, -0.0, 1, -1, 0.5, -0.5, 1e-45, -1e-45, 3e38, -3e38, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    [Fact]
    public void Every_length_number_of_samples_and_width_agrees()
    {
        for (var length = 1; length <= 70; length++)
        {
            using var scope = NewDisposeScope();
            var memory = Make.Random((5 * length) + 19, ScalarType.Float32);
            var bits = 1 + (length % 16);
            Agree(memory.narrow(0, length % 19, length), bits);
            Agree(memory.narrow(0, length % 19, 5 * length).reshape(5, length), bits);
            Agree(memory.narrow(0, length % 19, 5 * length).reshape(1, 5, length), bits);
        }
    }

    [Fact]
    public void Edge_values_agree()
    {
        foreach (var value in EdgeValues)
        {
            using var scope = NewDisposeScope();
            // A sample with it, one without, and one of zeros.
            var gradient = cat(
                [Make.Tensor([0.25, value, -0.75, 1], ScalarType.Float32, 1, 4), Make.Tensor([1, -2, 0.1, 3], ScalarType.Float32, 1, 4),
                zeros(1, 4)]);
            foreach (var bits in Enumerable.Range(1, 16))
            {
                Agree(gradient, bits);
            }
        }
    }

    [Fact]
    public void Any_layout_and_number_of_threads_agrees()
    {
        using var threads = new TorchThreads();
        using var scope = NewDisposeScope();
        var gradient = Make.Random(3 * 7 * 64 * 64, ScalarType.Float32).reshape(3, 7, 64, 64);
        foreach (var n in new[] { 1, 2, 5 })
        {
            set_num_threads(n);
            Agree(gradient, 4);
            Agree(gradient.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2), 4);
            Agree(gradient.reshape(1, -1), 4);
        }
    }

    [Fact]
    public void Other_types_gaps_and_samples_that_are_not_neighbours_are_left_to_the_operators()
    {
        using var scope = NewDisposeScope();

        FusedGradient.Serves(rand(8, 8)).Should().BeTrue();
        FusedGradient.Serves(rand(8, 8).to(ScalarType.Float64)).Should().BeFalse();
        FusedGradient.Serves(rand(8, 8).slice(1, 0, 8, 2)).Should().BeFalse();
        FusedGradient.Serves(rand(8, 4).t()).Should().BeFalse();
        FusedGradient.Serves(rand(1).expand(8, 8)).Should().BeFalse();
    }

    [Fact]
    public void Noise_is_uniform_and_no_element_or_seed_tells_of_another()
    {
        using var scope = NewDisposeScope();
        const int Count = 1 << 18;
        foreach (var seed in new ulong[] { 0, 1, 1UL << 32, 0x7FFF_FFFF_FFFF_FFFF })
        {
            var noise = GradientNoise.For(zeros(Count), seed);
            // Five standard errors of each.
            noise.min().item<float>().Should().BeInRange(-0.5f, -0.4999f);
            noise.max().item<float>().Should().BeLessThan(0.5f).And.BeGreaterThan(0.4999f);
            noise.mean().item<float>().Should().BeApproximately(0, 5 * 0.289f / 512);
            noise.square().mean().item<float>().Should().BeApproximately(1 / 12f, 5 * 0.0745f / 512);
            foreach (var distance in new[] { 1, 2, 8, 64, 1024, 1 << 15 })
            {
                Correlation(noise.narrow(0, 0, Count - distance), noise.narrow(0, distance, Count - distance))
                    .Should().BeApproximately(0, 5 * (1 / 12f) / 480, "at distance {0}", distance);
            }

            foreach (var other in new[] { seed + 1, seed ^ (1UL << 33), ~seed })
            {
                Correlation(noise, GradientNoise.For(zeros(Count), other)).Should().BeApproximately(0, 5 * (1 / 12f) / 512);
            }
        }
    }

    private static float Correlation(Tensor first, Tensor second) => first.mul(second).mean().item<float>();

    private static void Agree(Tensor gradient, int bits)
    {
        FusedGradient.Serves(gradient).Should().BeTrue();
        foreach (var seed in new ulong?[] { null, 3, 0x1234_5678_9ABC_DEF0 })
        {
            var noise = seed is { } given ? GradientNoise.For(gradient, given) : null;

            var actual = FusedGradient.Quantize(gradient, bits, seed);

            actual.stride().Should().Equal(gradient.stride());
            Near.Numbers(actual).Should().Equal(
                Near.Numbers(GradientOperators.Quantize(gradient, bits, noise)), "of [{0}] at {1} bits", string.Join(", ", gradient.shape),
                bits);
        }
    }
}
