using static TorchSharp.torch;

namespace AdaQat.Quantizers.Ternary;

/// <summary>Thresholds and scales of a weight: what values and codes both follow from.</summary>
internal static class TernaryNumbers
{
    /// <summary>Δ and a of each granule, a row each.</summary>
    public static Tensor Of(Tensor weight, TernaryOptions options) => FusedTernary.Serves(weight, options)
        ? FusedTernary.Numbers(weight, options)
        : TernaryOperators.Numbers(weight, options);

    /// <summary>Δ of the whole tensor, a scalar.</summary>
    public static Tensor Threshold(Tensor weight, TernaryOptions options) => FusedTernary.Serves(weight, options)
        ? FusedTernary.Threshold(weight, options)
        : TernaryOperators.Threshold(weight, options);
}
