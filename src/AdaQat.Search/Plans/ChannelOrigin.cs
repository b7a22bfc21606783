namespace AdaQat.Search;

/// <summary>Where a layer's number of channels comes from.</summary>
public enum ChannelOrigin
{
    /// <summary>It was given by hand.</summary>
    Given,

    /// <summary>The builder's own number, which the search left alone.</summary>
    Kept,

    /// <summary>The builder's own number, or another plan's, times a factor, one for all layers.</summary>
    Multiplied,

    /// <summary>A search chose it among the numbers that it began with.</summary>
    Searched,

    /// <summary>A search chose it among numbers that it had grown to.</summary>
    Expanded,

    /// <summary>It was drawn by chance, and brought to a cost.</summary>
    Drawn,
}
