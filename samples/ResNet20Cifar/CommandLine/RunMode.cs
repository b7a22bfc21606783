namespace ResNet20Cifar.CommandLine;

/// <summary>What kind of training a run is.</summary>
public enum RunMode
{
    /// <summary>Bit-widths are learned.</summary>
    AdaQat,

    /// <summary>Bit-widths are given and stay.</summary>
    FixedBits,

    /// <summary>No quantization.</summary>
    Unquantized,
}
