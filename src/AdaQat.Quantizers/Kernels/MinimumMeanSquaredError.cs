using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Finds the range at which quantizing loses least.</summary>
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

    /// <summary>The best candidate.</summary>
    /// <param name="input">The data.</param>
    /// <param name="largest">The largest magnitude in it, above 0.</param>
    /// <param name="quantize">Quantizes float32 values in a range, a scalar tensor of the same type.</param>
    public static double Range(Tensor input, double largest, Func<Tensor, Tensor, Tensor> quantize)
    {
        using var scope = NewDisposeScope();
        var all = input.detach().flatten().to(ScalarType.Float32);
        var interval = ((all.numel() - 1) / Elements) + 1;
        var values = interval == 1 ? all : all.slice(0, 0, all.numel(), interval).contiguous();
        var coarse = Best(values, Enumerable.Range(0, CoarseSteps + 1).Select(i => largest * Math.Pow(CoarseRatio, i)), quantize);
        var (low, high) = (coarse * CoarseRatio, Math.Min(largest, coarse / CoarseRatio));
        return Best(values, Enumerable.Range(0, FineSteps + 1).Select(i => low + ((high - low) * i / FineSteps)).Append(coarse), quantize);
    }

    private static double Best(Tensor values, IEnumerable<double> candidates, Func<Tensor, Tensor, Tensor> quantize) =>
        candidates.MinBy(range => Error(values, range, quantize));

    private static double Error(Tensor values, double range, Func<Tensor, Tensor, Tensor> quantize)
    {
        using var scope = NewDisposeScope();
        var error = quantize(values, tensor((float)range, device: values.device)) - values;
        return (error * error).mean().to(ScalarType.Float64).item<double>();
    }
}
