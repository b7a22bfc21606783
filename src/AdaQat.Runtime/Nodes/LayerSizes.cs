using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Checks that layers with windows share.</summary>
internal static class LayerSizes
{
    /// <summary>Refuses weights that don't fit the input, the window or the groups.</summary>
    public static void Check(string name, IntegerNode input, IntegerWeights weights, SlidingWindow window, int groups)
    {
        var shape = input.Shape;
        if (shape.Rank != window.Rank + 1 || weights.Shape.Rank != window.Rank + 2)
        {
            throw new IntegerModelException(
                name, $"its input is {shape}, its weights are {weights.Shape} and its window has {window.Rank} axes; "
                + "allowed are [length…, channels] and [outputs, window…, channels of a group].");
        }

        for (var axis = 0; axis < window.Rank; axis++)
        {
            if (weights.Shape[axis + 1] != window.Size[axis])
            {
                throw new IntegerModelException(name, $"its weights are {weights.Shape} and its window is {window.Size}.");
            }
        }

        var channels = shape[shape.Rank - 1];
        if (groups < 1 || weights.Outputs % groups != 0 || weights.Shape[weights.Shape.Rank - 1] != channels / groups
            || channels % groups != 0)
        {
            throw new IntegerModelException(
                name, $"its input is {shape} and its weights are {weights.Shape}, in {groups} groups; channels and outputs have to be "
                + "multiples of the groups, and the weights' last axis the channels of one.");
        }
    }

    /// <summary>A shape, or the node's fault where sizes make none.</summary>
    public static Shape ShapeOf(string name, ReadOnlySpan<long> sizes)
    {
        Int128 elements = 1;
        foreach (var size in sizes)
        {
            elements = size < 1 || elements > IntegerNode.MaxElements ? 0 : elements * size;
        }

        return elements >= 1 && elements <= IntegerNode.MaxElements ? new(sizes) : throw new IntegerModelException(
            name, $"its value would have the sizes [{string.Join(',', sizes.ToArray())}]; allowed are sizes of 1 and more, with up to "
            + $"{IntegerNode.MaxElements} elements in all.");
    }
}
