using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>Inputs made of an example: of other values, to see what a model computes whatever it is given, and of other sizes.</summary>
internal static class ExampleVariants
{
    private const double Large = 100;
    private const int Alignment = 32;

    /// <summary>Other values of the same shapes: noise like the example's, zeros, and large values.</summary>
    public static IEnumerable<IReadOnlyList<Tensor>> OfOtherValues(IReadOnlyList<Tensor> example)
    {
        yield return Fresh(example);
        yield return [.. example.Select(input => input.is_floating_point() ? zeros_like(input) : Shuffled(input))];
        yield return [.. Fresh(example).Select(input => input.is_floating_point() ? input.Mul(Large) : input)];
        yield return [.. Fresh(example).Select(input => input.is_floating_point() ? input.Mul(-Large) : input)];
    }

    /// <summary>Noise of each input's mean and deviation; the values of a tensor of integers in another order.</summary>
    public static IReadOnlyList<Tensor> Fresh(IReadOnlyList<Tensor> example) => [.. example.Select(input =>
        input.is_floating_point() && input.numel() > 1 ? (randn_like(input) * Spread(input)).Add(input.mean())
        : input.is_floating_point() ? randn_like(input)
        : Shuffled(input))];

    /// <summary>
    /// Another batch, where the first axis is the batch: of the inputs that have as many samples as the first, another number of them.
    /// </summary>
    public static IReadOnlyList<Tensor>? OfOtherBatch(IReadOnlyList<Tensor> example)
    {
        if (example.FirstOrDefault(input => input.dim() > 0) is not { } first)
        {
            return null;
        }

        var batch = first.shape[0];
        var other = batch switch { 1 => 2, 2 => 3, _ => 2 };
        return [.. example.Select(input => input.dim() > 0 && input.shape[0] == batch ? Resized(input, 0, other) : input)];
    }

    /// <summary>Other sizes of the axes behind the channels, each another; null where no input has such axes.</summary>
    public static IReadOnlyList<Tensor>? OfOtherImages(IReadOnlyList<Tensor> example) => example.Any(input => input.dim() > 2)
        ? [.. example.Select(input => Enumerable.Range(2, Math.Max(0, (int)input.dim() - 2))
            .Aggregate(input, (resized, axis) => Resized(resized, axis, Longer(resized.shape[axis], axis - 1))))]
        : null;

    /// <summary>Another size of the second axis, the steps of a sequence; null where no input has two or three axes.</summary>
    public static IReadOnlyList<Tensor>? OfOtherLength(IReadOnlyList<Tensor> example) => example.Any(input => input.dim() is 2 or 3)
        ? [.. example.Select(input => input.dim() is 2 or 3 ? Resized(input, 1, input.shape[1] + 3) : input)]
        : null;

    private static long Longer(long size, int times) =>
        size == 1 ? 1 : size % Alignment == 0 ? size + (Alignment * times) : size * (times + 1);

    /// <summary>As many along an axis as asked for, the values repeated.</summary>
    private static Tensor Resized(Tensor input, int axis, long size) =>
        input.index_select(axis, Arange(size, device: input.device).Remainder(input.shape[axis]));

    private static Tensor Spread(Tensor input)
    {
        var deviation = input.std();
        return deviation.where(deviation.Gt(0), ones_like(deviation));
    }

    private static Tensor Shuffled(Tensor input) =>
        input.flatten().index_select(0, randperm(input.numel(), device: input.device)).reshape(input.shape);
}
