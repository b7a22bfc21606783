using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Ranges that are set, as numbers of a quantizer's state.</summary>
internal static class RangeNumbers
{
    /// <summary>A number for each range, in float64.</summary>
    public static Tensor Of(IReadOnlyList<ValueRange> ranges, Func<ValueRange, double> number) =>
        tensor(ranges.Select(number).ToArray(), dtype: ScalarType.Float64);

    /// <summary>The larger magnitude of a range's ends; its upper end where values cannot be negative.</summary>
    public static double Magnitude(ValueRange range, bool isSigned) => isSigned ? Math.Max(-range.Low, range.High) : range.High;
}
