namespace AdaQat.Graph;

/// <summary>How values meet.</summary>
[Flags]
public enum JoinKind
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>In a sum, product or other operator of two tensors, element by element: both have as many channels, or one.</summary>
    Elementwise = 1,

    /// <summary>In a concatenation: one behind the other.</summary>
    Concat = 2,

    /// <summary>In a depthwise convolution, which has as many channels as what it reads.</summary>
    Depthwise = 4,
}
