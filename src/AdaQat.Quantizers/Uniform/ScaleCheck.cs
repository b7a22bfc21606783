using static TorchSharp.torch;

namespace AdaQat.Quantizers.Uniform;

/// <summary>Checks that a tensor has the scales that a quantizer keeps numbers for.</summary>
internal static class ScaleCheck
{
    /// <exception cref="ArgumentException">It has not; the message says what is.</exception>
    public static void Require(Tensor input, ScaleReach reach, string quantizer)
    {
        if (reach.Granularity != Granularity.PerTensor && reach.Granularity.ScalesFor(input.shape) is var count && count != reach.Count)
        {
            throw new ArgumentException(
                $"{quantizer}: a tensor of shape [{string.Join(", ", input.shape)}] has {count} scales {reach.Granularity}; this quantizer "
                + $"was made for {reach.Count}.",
                nameof(input));
        }
    }
}
