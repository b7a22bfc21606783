namespace AdaQat.Graph;

/// <summary>What becomes of many numbers.</summary>
public enum Reduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest; NaN if one is.</summary>
    Max,

    /// <summary>The smallest; NaN if one is.</summary>
    Min,
}
