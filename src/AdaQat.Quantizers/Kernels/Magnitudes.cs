using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>What ranges start from: the finite elements of a batch, by magnitude.</summary>
internal static class Magnitudes
{
    /// <summary>The tensor itself, or its finite elements in one dimension where others are among them.</summary>
    public static Tensor Finite(Tensor input)
    {
        var isFinite = input.isfinite();
        return isFinite.all().item<bool>() ? input : input.masked_select(isFinite);
    }

    /// <summary>The largest magnitude, of at least one element.</summary>
    public static float Largest(Tensor data) => OfRank(data, data.numel());

    /// <summary>The smallest magnitude that covers a share of at least one element.</summary>
    public static double Covering(Tensor data, double share) =>
        OfRank(data, Math.Clamp((long)Math.Ceiling(share * data.numel()), 1, data.numel()));

    /// <summary>The magnitude of the given rank, from 1 for the smallest.</summary>
    private static float OfRank(Tensor input, long rank)
    {
        if (MagnitudeRank.Serves(input))
        {
            return MagnitudeRank.Find(input, rank);
        }

        var (value, _) = input.abs().flatten().to(ScalarType.Float32).kthvalue(rank, 0);
        return value.item<float>();
    }
}
