using AdaQat.Quantizers.Kernels;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Kernels;

/// <summary>The rank of a magnitude is that of kthvalue on the absolute values.</summary>
public sealed class MagnitudeRankTests
{
    /// <summary>Numbers of all sizes, many of them twice, with both zeros, infinities and NaN.</summary>
    private static Gen<float[]> Values =>
        Gen.Elements(0f, -0f, 1f, -1f, 1e-40f, 3.0000002f, -3f, float.MaxValue, float.PositiveInfinity, float.NaN)
        .Or(ArbMap.Default.GeneratorFor<float>()).NonEmptyListOf().Select(list => list.ToArray());

    [Fact]
    public void It_is_kthvalue_of_the_absolute_values_at_every_rank()
    {
        Arbitrary.ForAll(Values, values =>
        {
            using var scope = NewDisposeScope();
            var input = tensor(values);
            for (var rank = 1; rank <= values.Length; rank++)
            {
                MagnitudeRank.Find(input, rank)
                    .Should().Be(ByTorch(input, rank), "that has rank {0} in [{1}]", rank, string.Join(", ", values));
            }
        });
    }

    [Fact]
    public void Layout_makes_no_difference()
    {
        using var scope = NewDisposeScope();
        var input = randn(4, 8, 5, 6).permute(0, 2, 3, 1);

        MagnitudeRank.Serves(input).Should().BeTrue();
        MagnitudeRank.Find(input, 900).Should().Be(ByTorch(input, 900));
    }

    [Fact]
    public void Other_types_and_memory_with_gaps_are_left_to_torch()
    {
        using var scope = NewDisposeScope();
        MagnitudeRank.Serves(zeros(4, dtype: float64)).Should().BeFalse();
        MagnitudeRank.Serves(zeros(4, 4)[.., ..2]).Should().BeFalse();
    }

    private static float ByTorch(Tensor input, long rank)
    {
        var (value, _) = input.abs().flatten().kthvalue(rank, 0);
        return value.item<float>();
    }
}
