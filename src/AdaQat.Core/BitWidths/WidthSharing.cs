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

    /// <summary>
    /// One width for all layers whose outputs meet in a sum, as those along a residual network's shortcuts do, and one for all inputs that
    /// come from there; any other layer has its own. Read off the model's graph, which has to be one that can be captured.
    /// </summary>
    Join,
}
