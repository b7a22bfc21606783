namespace AdaQat.Quantizers;

/// <summary>Where <see cref="PowerOfTwoQuantizer"/> has its largest exponent from.</summary>
public enum PowerOfTwoRange
{
    /// <summary>
    /// From data: a weight's at every call, so that the range is never left; an input's from the first batch, and then it stays.
    /// </summary>
    FromData,

    /// <summary>A parameter that starts there and is learned.</summary>
    Learned,
}
