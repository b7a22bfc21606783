namespace AdaQat.Graph;

/// <summary>What the elements of a tensor are.</summary>
public enum ElementType
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>64-bit floating point.</summary>
    Float64,
}
