namespace AdaQat.Quantizers;

/// <summary>Where the range comes from that a grid covers.</summary>
public enum RangeSource
{
    /// <summary>From data, once: the first batch in training, or calibration. It is part of the state, and stays.</summary>
    Static,

    /// <summary>From the tensor itself, at every call: a weight's range follows the weight, an input's is that of the batch.</summary>
    Dynamic,
}
