namespace ResNet20Cifar.CommandLine;

/// <summary>What shares one pair of learned bit-widths.</summary>
public enum WidthGranularity
{
    /// <summary>The whole network, as in the paper.</summary>
    Network,

    /// <summary>Each layer has its own.</summary>
    Layer,
}
