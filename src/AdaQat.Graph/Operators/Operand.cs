namespace AdaQat.Graph;

/// <summary>A tensor while operators compute on it: 64-bit numbers in row-major order, whatever the type of the run.</summary>
internal readonly record struct Operand(Shape Shape, Memory<double> Memory, ElementType Type)
{
    /// <summary>The numbers.</summary>
    public Span<double> Values => Memory.Span;

    public void Deconstruct(out Shape shape, out Span<double> values)
    {
        shape = Shape;
        values = Values;
    }
}
