using static TorchSharp.torch;

namespace AdaQat.Quantizers.Binary;

/// <summary>α of a weight: what values and codes both follow from.</summary>
internal static class BinaryScale
{
    /// <summary>One for each granule, in one dimension.</summary>
    public static Tensor Of(Tensor weight, BinaryOptions options) => FusedBinary.Serves(weight, options)
        ? FusedBinary.Scale(weight, options.Granularity)
        : BinaryOperators.Scale(weight, options.Granularity);
}
