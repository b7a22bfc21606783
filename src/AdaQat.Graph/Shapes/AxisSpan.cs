namespace AdaQat.Graph;

/// <summary>A shape seen from one axis: what lies outside it, the axis, and what lies inside it.</summary>
internal readonly record struct AxisSpan(int Outer, int Size, int Inner)
{
    public static AxisSpan Of(Shape shape, int axis) =>
        new(shape.Product(0, axis), (int)shape[axis], shape.Product(axis + 1, shape.Rank));
}
