namespace AdaQat.Search;

/// <summary>How the outputs of two candidates, n channels and m of them, n below m, are put together while a search draws both.</summary>
public enum ChannelMixing
{
    /// <summary>
    /// The narrower one is widened by channel-wise interpolation, as in TAS and NCE: its channel i goes to about i·m/n, and so to another
    /// place at each pair of candidates.
    /// </summary>
    Interpolate,

    /// <summary>
    /// The narrower one is followed by zeros: its channel i stays at i, and what a mixture changes is what the further channels add
    /// (FBNetV2's channel masking, Wan et al., arXiv 2004.05565).
    /// </summary>
    Align,
}
