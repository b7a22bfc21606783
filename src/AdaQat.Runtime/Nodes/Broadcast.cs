using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Shapes that meet in one operation: aligned at their last axes, a size of 1 counts for all.</summary>
internal static class Broadcast
{
    public static Shape ShapeOf(string name, EquatableList<IntegerNode> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var rank = inputs.Select(input => (input ?? throw new ArgumentNullException(nameof(inputs))).Shape.Rank).DefaultIfEmpty().Max();
        var sizes = new long[rank];
        Array.Fill(sizes, 1);
        foreach (var input in inputs)
        {
            for (var axis = 0; axis < input.Shape.Rank; axis++)
            {
                ref var size = ref sizes[rank - input.Shape.Rank + axis];
                if (size != 1 && input.Shape[axis] != 1 && size != input.Shape[axis])
                {
                    throw new IntegerModelException(
                        name, $"its inputs are {string.Join(" and ", inputs.Select(each => each.Shape))}; allowed are sizes that are "
                        + "equal or 1.");
                }

                size = Math.Max(size, input.Shape[axis]);
            }
        }

        return LayerSizes.ShapeOf(name, sizes);
    }

    /// <summary>For each element of the result, which element of an operand meets there.</summary>
    public static int[] Map(Shape operand, Shape result)
    {
        var map = new int[result.ElementCount];
        var index = new long[result.Rank];
        for (var i = 0; i < map.Length; i++)
        {
            long place = 0;
            for (var axis = 0; axis < operand.Rank; axis++)
            {
                var at = index[result.Rank - operand.Rank + axis];
                place = (place * operand[axis]) + (operand[axis] == 1 ? 0 : at);
            }

            map[i] = (int)place;
            Advance(index, result);
        }

        return map;
    }

    /// <summary>The next index in memory's order.</summary>
    public static void Advance(Span<long> index, Shape shape)
    {
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (++index[axis] < shape[axis])
            {
                return;
            }

            index[axis] = 0;
        }
    }
}
