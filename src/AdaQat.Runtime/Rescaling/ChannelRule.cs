namespace AdaQat.Runtime;

/// <summary>How one channel's integers become codes: <see cref="Rescale"/> or <see cref="Thresholds"/>.</summary>
public abstract record ChannelRule
{
    private protected ChannelRule()
    {
    }

    /// <summary>The code of an integer, in exact arithmetic.</summary>
    internal abstract long CodeOf(long integer, int maxCode);
}
