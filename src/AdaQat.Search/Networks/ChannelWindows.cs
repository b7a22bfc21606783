using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// Which of n channels each of m reads when they are widened, m at least n. Interpolated, output i is the mean of the inputs ⌊i·n/m⌋ to
/// ⌈(i + 1)·n/m⌉ − 1, which are one or two: adaptive average pooling along the channels. Aligned, output i is input i, or zero from n on.
/// </summary>
/// <param name="First">The first input of each output.</param>
/// <param name="Last">The last one; the same where it reads one.</param>
/// <param name="Reading">How many outputs read any: the others are zero, and what they have in the lists above counts for nothing.</param>
internal sealed record ChannelWindows(long[] First, long[] Last, long Reading)
{
    public static ChannelWindows Of(long from, long to, ChannelMixing mixing)
    {
        var (first, last) = (new long[to], new long[to]);
        for (var i = 0L; i < to; i++)
        {
            (first[i], last[i]) = mixing == ChannelMixing.Align
                ? (Math.Min(i, from - 1), Math.Min(i, from - 1))
                : (i * from / to, ((((i + 1) * from) + to - 1) / to) - 1);
        }

        return new ChannelWindows(first, last, mixing == ChannelMixing.Align ? from : to);
    }

    /// <summary>Widens an axis, by operators.</summary>
    /// <param name="input">n channels along the axis.</param>
    /// <param name="axis">0 and more.</param>
    /// <returns>A new tensor of m channels.</returns>
    public Tensor Widen(Tensor input, int axis)
    {
        using var scope = NewDisposeScope();
        var first = Read(input, axis, First);
        return First.AsSpan().SequenceEqual(Last)
            ? first.MoveToOuterDisposeScope()
            : first.Add(Read(input, axis, Last)).Mul(0.5).MoveToOuterDisposeScope();
    }

    /// <summary>Reads the first inputs, or the last ones; zero where an output reads none.</summary>
    /// <param name="input">n channels along the axis.</param>
    /// <param name="axis">0 and more.</param>
    /// <param name="channels"><see cref="First"/> or <see cref="Last"/>.</param>
    /// <returns>A new tensor of m channels.</returns>
    public Tensor Read(Tensor input, int axis, long[] channels)
    {
        using var scope = NewDisposeScope();
        var values = input.index_select(axis, tensor(channels, device: input.device));
        if (Reading < channels.Length)
        {
            var size = values.shape;
            size[axis] = channels.Length - Reading;
            values = cat([values.narrow(axis, 0, Reading), zeros(size, dtype: values.dtype, device: values.device)], axis);
        }

        return values.MoveToOuterDisposeScope();
    }
}
