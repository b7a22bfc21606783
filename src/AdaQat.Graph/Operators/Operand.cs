namespace AdaQat.Graph;

/// <summary>A tensor while operators compute on it: 64-bit numbers in row-major order, whatever the type of the run.</summary>
internal readonly record struct Operand(Shape Shape, double[] Values)
{
    /// <summary>The type of the run.</summary>
    public ElementType Type { get; init; }

    public static Operand Zeros(Shape shape) => new(shape, new double[shape.ElementCount]);
}
