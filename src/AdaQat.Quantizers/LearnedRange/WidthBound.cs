namespace AdaQat.Quantizers.LearnedRange;

/// <summary>Whether a learned step acts as it is, or as the nearest one that the width allows.</summary>
internal enum WidthBound
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>A smaller step would need more bits than are allowed.</summary>
    Largest,

    /// <summary>A larger step would need fewer bits than are allowed.</summary>
    Smallest,

    /// <summary>The width is given: the step follows from it and the range.</summary>
    Given,
}
