using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>The shape of what a window of a pooling makes.</summary>
internal static class PoolSizes
{
    public static Shape ShapeOf(string name, IntegerNode input, SlidingWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        var shape = input.Shape;
        return shape.Rank == window.Rank + 1
            ? WindowPlaces.ShapeOf(name, window, shape, shape[shape.Rank - 1])
            : throw new IntegerModelException(
                name, $"its input is {shape} and its window has {window.Rank} axes; allowed are as many and channels.");
    }
}
