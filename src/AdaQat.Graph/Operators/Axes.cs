namespace AdaQat.Graph;

/// <summary>Checks of axes, whose errors name the axis and what is allowed.</summary>
internal static class Axes
{
    /// <summary>That an axis is one of a shape's.</summary>
    public static int Check(int axis, Shape shape) => axis >= 0 && axis < shape.Rank ? axis : throw new GraphException(
        $"its axis is {axis}; the input {shape} has {(shape.Rank == 0 ? "none" : $"0 to {shape.Rank - 1}")}.");

    /// <summary>Refuses axes that are negative or listed twice.</summary>
    public static EquatableList<long> Distinct(EquatableList<long> axes, string what)
    {
        ArgumentNullException.ThrowIfNull(axes);
        return axes.All(axis => axis >= 0) && axes.Distinct().Count() == axes.Count ? axes : throw new GraphException(
            $"the axes of the {what} are {axes}; allowed are 0 and more, each once.");
    }
}
