namespace AdaQat.Search.Spaces;

/// <summary>How a size follows from a number of channels: in proportion, or not at all.</summary>
/// <param name="Key">The name of those channels; null for a size that is always the same.</param>
/// <param name="Size">The size at the default number of channels.</param>
/// <param name="Default">That number.</param>
internal sealed record SizeRule(string? Key, long Size, long Default)
{
    public static SizeRule Constant(long size) => new(null, size, 1);

    /// <summary>Whether so many channels give a whole size.</summary>
    public bool Fits(long channels) => Key is null || channels * Size % Default == 0;

    public long At(long channels) => Key is null ? Size : channels * Size / Default;
}
