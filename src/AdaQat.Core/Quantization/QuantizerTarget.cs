namespace AdaQat;

/// <summary>What a quantizer is for.</summary>
public enum QuantizerTarget
{
    /// <summary>A layer's weight.</summary>
    Weight,

    /// <summary>A layer's input, or one that several layers read.</summary>
    Activation,
}
