namespace ResNet20Cifar.CommandLine;

/// <summary>How often the loss at neighbouring bit-widths is looked at.</summary>
public enum ProbeChoice
{
    /// <summary>In some steps, and with many widths from the backward pass.</summary>
    Economical,

    /// <summary>In every step and for every width, as in the paper.</summary>
    EveryStep,
}
