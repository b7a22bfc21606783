namespace AdaQat.Graph;

/// <summary>What is put around a tensor.</summary>
public enum PadMode
{
    /// <summary>A number.</summary>
    Constant,

    /// <summary>The elements mirrored at the outermost one, which is not repeated: c b | a b c | b a.</summary>
    Reflect,

    /// <summary>The outermost element: a a | a b c | c c.</summary>
    Replicate,

    /// <summary>The elements from the other end: b c | a b c | a b.</summary>
    Circular,
}
