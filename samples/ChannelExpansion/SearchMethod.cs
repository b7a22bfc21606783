namespace ChannelExpansion;

/// <summary>How the network's channels are found.</summary>
public enum SearchMethod
{
    /// <summary>Not at all: ResNet-20's own.</summary>
    Uniform,

    /// <summary>One factor on all of them, so that the network costs what it may.</summary>
    Multiplier,

    /// <summary>A search that makes layers narrower (TAS).</summary>
    Prune,

    /// <summary>A search that makes them wider, too (NCE).</summary>
    Expand,

    /// <summary>By chance, at the cost that a search would have: its control.</summary>
    Random,
}
