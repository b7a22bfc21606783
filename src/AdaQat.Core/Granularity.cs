namespace AdaQat;

/// <summary>How many layers share one bit-width.</summary>
public enum Granularity
{
    /// <summary>One width for the whole network: the published method.</summary>
    Network,

    /// <summary>Each layer its own width.</summary>
    Layer,
}
