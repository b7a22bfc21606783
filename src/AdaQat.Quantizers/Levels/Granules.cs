using static TorchSharp.torch;

namespace AdaQat.Quantizers.Levels;

/// <summary>Sums over what shares a scale, shaped so that they multiply the tensor's view; see <see cref="Granularity.Layout"/>.</summary>
internal static class Granules
{
    /// <summary>The tensor in the shape in which scales multiply it, and the scales' shape.</summary>
    public static (Tensor View, long[] Numbers) Of(Tensor tensor, Granularity granularity)
    {
        var (view, numbers) = granularity.Layout(tensor.shape);
        return (tensor.reshape(view), numbers);
    }

    /// <summary>The mean of each granule.</summary>
    public static Tensor Mean(Tensor view, long[] numbers) =>
        numbers.Length == 0 ? view.mean() : Reduced(numbers) is { Length: > 0 } all ? view.mean(all, keepdim: true) : view;

    /// <summary>The sum of each granule.</summary>
    public static Tensor Sum(Tensor view, long[] numbers) =>
        numbers.Length == 0 ? view.sum() : Reduced(numbers) is { Length: > 0 } all ? view.sum(all, keepdim: true) : view;

    /// <summary>The elements of a granule.</summary>
    public static double Count(Tensor view, long[] numbers) => view.numel() / numbers.Aggregate(1.0, (product, size) => product * size);

    /// <summary>Scales as an evenly spaced grid has them, channel by channel.</summary>
    public static double[] List(Tensor scales)
    {
        using var numbers = scales.detach().to(ScalarType.Float64).cpu().reshape(-1);
        return numbers.data<double>().ToArray();
    }

    private static long[] Reduced(long[] numbers) =>
        [.. numbers.Select((size, dimension) => (size, dimension)).Where(d => d.size == 1).Select(d => (long)d.dimension)];
}
