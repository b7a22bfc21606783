namespace AdaQat;

/// <summary>How many layers share one bit-width.</summary>
public enum WidthSharing
{
    /// <summary>One width for the whole network: the published method.</summary>
    Network,

    /// <summary>Each layer its own width.</summary>
    Layer,

    /// <summary>One width for all layers whose names match a pattern: see <see cref="QuantizationScheme.WeightGroups"/>.</summary>
    Group,
}
