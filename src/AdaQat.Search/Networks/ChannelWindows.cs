namespace AdaQat.Search.Networks;

/// <summary>
/// Which of n channels each of m reads when they are widened, m at least n: output i is the mean of the inputs ⌊i·n/m⌋ to
/// ⌈(i + 1)·n/m⌉ − 1, which are one or two.
/// </summary>
/// <param name="First">The first input of each output.</param>
/// <param name="Last">The last one; the same where it reads one.</param>
internal sealed record ChannelWindows(long[] First, long[] Last)
{
    public static ChannelWindows Of(long from, long to)
    {
        var (first, last) = (new long[to], new long[to]);
        for (var i = 0L; i < to; i++)
        {
            first[i] = i * from / to;
            last[i] = ((((i + 1) * from) + to - 1) / to) - 1;
        }

        return new ChannelWindows(first, last);
    }
}
