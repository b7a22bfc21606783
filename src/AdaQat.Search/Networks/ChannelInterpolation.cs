using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// Channel-wise interpolation (TAS): adaptive average pooling along the channels, from few of them to more. Output i of m is the mean of
/// the inputs ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉ − 1 of n, which are one or two for n ≤ m.
/// </summary>
internal static class ChannelInterpolation
{
    /// <summary>Widens an axis.</summary>
    /// <param name="input">The axis is its <paramref name="axis"/>-th.</param>
    /// <param name="axis">0 and more.</param>
    /// <param name="channels">How many there are to be: as many as there are, or more.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Widen(Tensor input, int axis, long channels)
    {
        using var scope = NewDisposeScope();
        var (first, last) = ChannelWindows.Of(input.shape[axis], channels);
        var before = input.index_select(axis, tensor(first, device: input.device));
        return first.AsSpan().SequenceEqual(last)
            ? before.MoveToOuterDisposeScope()
            : before.Add(input.index_select(axis, tensor(last, device: input.device))).Mul(0.5).MoveToOuterDisposeScope();
    }
}
