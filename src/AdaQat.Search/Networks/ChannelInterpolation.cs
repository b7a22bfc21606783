using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>From few channels to more, as <see cref="ChannelWindows"/> says.</summary>
internal static class ChannelInterpolation
{
    /// <summary>Widens an axis.</summary>
    /// <param name="input">The axis is its <paramref name="axis"/>-th.</param>
    /// <param name="axis">0 and more.</param>
    /// <param name="channels">How many there are to be: as many as there are, or more.</param>
    /// <param name="mixing">How.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Widen(Tensor input, int axis, long channels, ChannelMixing mixing)
    {
        using var scope = NewDisposeScope();
        var windows = ChannelWindows.Of(input.shape[axis], channels, mixing);
        var before = windows.Read(input, axis, windows.First);
        return windows.First.AsSpan().SequenceEqual(windows.Last)
            ? before.MoveToOuterDisposeScope()
            : before.Add(windows.Read(input, axis, windows.Last)).Mul(0.5).MoveToOuterDisposeScope();
    }
}
