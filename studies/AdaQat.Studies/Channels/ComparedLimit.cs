namespace AdaQat.Studies.Channels;

/// <summary>What all networks of a comparison have to keep within: what ResNet-20 has of it.</summary>
public enum ComparedLimit
{
    /// <summary>Multiply-accumulate operations.</summary>
    Macs,

    /// <summary>Parameters.</summary>
    Parameters,
}
