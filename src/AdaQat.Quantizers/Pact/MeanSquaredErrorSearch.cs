using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Pact;

/// <summary>Finds the clipping value at which quantizing loses least.</summary>
internal static class MinimumMeanSquaredError
{
    /// <summary>Elements looked at: enough for a mean, few enough for all layers of a network in seconds.</summary>
    private const long Elements = 1 << 17;

    private const int CoarseSteps = 24;
    private const int FineSteps = 16;

    /// <summary>
    /// The ratio of two neighbouring candidates of the first pass: 24 of them span from the largest magnitude down to a 1/256 of it.
    /// </summary>
    private static readonly double CoarseRatio = Math.Pow(2, -1 / 3.0);

    /// <summary>The best candidate α; <paramref name="largest"/> is the largest magnitude in <paramref name="input"/>, above 0.</summary>
    public static double ClippingValue(Tensor input, double largest, int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        var all = input.detach().flatten().to(ScalarType.Float32);
        var interval = ((all.numel() - 1) / Elements) + 1;
        var values = interval == 1 ? all : all.slice(0, 0, all.numel(), interval).contiguous();
        var coarse = Best(values, Enumerable.Range(0, CoarseSteps + 1).Select(i => largest * Math.Pow(CoarseRatio, i)), bits, isSigned);
        var (low, high) = (coarse * CoarseRatio, Math.Min(largest, coarse / CoarseRatio));
        return Best(
            values, Enumerable.Range(0, FineSteps + 1).Select(i => low + ((high - low) * i / FineSteps)).Append(coarse), bits, isSigned);
    }

    private static double Best(Tensor values, IEnumerable<double> candidates, int bits, bool isSigned) =>
        candidates.MinBy(alpha => Error(values, alpha, bits, isSigned));

    private static double Error(Tensor values, double alpha, int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        var clippingValue = tensor((float)alpha, device: values.device);
        var error = PactOperators.Forward(values, clippingValue, bits, isSigned) - values;
        return (error * error).mean().to(ScalarType.Float64).item<double>();
    }
}
