namespace AdaQat;

/// <summary>How far a table of latencies knows a layer at its widths.</summary>
public enum LatencyOrigin
{
    /// <summary>The table has this shape at these widths.</summary>
    Measured,

    /// <summary>
    /// The table has this shape at these widths, and it is as fast at wider ones or faster: those are taken, since a layer may be computed
    /// with more bits than it has.
    /// </summary>
    Wider,

    /// <summary>The table has this shape at widths around these: linear between them.</summary>
    BetweenWidths,

    /// <summary>
    /// The table has this shape, but one of the widths is outside: below the smallest it takes what the smallest takes, above the largest
    /// in proportion to the width.
    /// </summary>
    OutsideWidths,

    /// <summary>The table has not this shape: that of its kind with the nearest number of multiplications is taken in proportion.</summary>
    OtherShape,
}
