namespace AdaQat;

/// <summary>How much time post-training quantization takes.</summary>
public enum PostTrainingEffort
{
    /// <summary>Ranges, equalisation, bias correction, batch-norm statistics: some forwards on the data.</summary>
    Fast,

    /// <summary>And learned rounding, layer by layer: minutes, and worth it at 4 bits and less.</summary>
    Thorough,
}
