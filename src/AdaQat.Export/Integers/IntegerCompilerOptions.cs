namespace AdaQat.Export;

/// <summary>How <see cref="IntegerCompiler"/> compiles.</summary>
public sealed record IntegerCompilerOptions
{
    /// <summary>
    /// Null, the default: the compiled network takes the floats that the model takes. Else it takes bytes, and normalises them as
    /// this says.
    /// </summary>
    public PixelInput? Pixels { get; init; }

    /// <summary>
    /// Whether what has no form in integers is computed in float, slowly, by the graph's interpreter. False, the default: it is refused, by
    /// name.
    /// </summary>
    public bool AllowFloatIslands { get; init; }
}
