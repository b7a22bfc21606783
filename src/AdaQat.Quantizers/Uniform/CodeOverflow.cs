namespace AdaQat.Quantizers;

/// <summary>What becomes of a code that the width has no room for.</summary>
public enum CodeOverflow
{
    /// <summary>The largest or smallest code takes its place. Values beyond have no gradient.</summary>
    Saturate,

    /// <summary>
    /// The bits that the width has are kept, as integer hardware without saturation does: the codes go round. The gradient is 1 everywhere.
    /// </summary>
    Wrap,
}
