namespace AdaQat.Graph;

/// <summary>The rule by which shapes of elementwise operators meet: aligned at the last axis, 1 stretches to any size.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that both stretch to.</summary>
    public static Shape Join(Shape left, Shape right)
    {
        var sizes = new long[Math.Max(left.Rank, right.Rank)];
        for (var fromEnd = 1; fromEnd <= sizes.Length; fromEnd++)
        {
            var (one, other) = (At(left, fromEnd), At(right, fromEnd));
            sizes[^fromEnd] = one == other || other == 1 ? one : one == 1 ? other : throw new GraphException(
                $"the shapes {left} and {right} can't be broadcast: sizes have to be equal, or one of them 1, counted from the last axis.");
        }

        return new(sizes);
    }

    /// <summary>How far apart in memory neighbours along each axis of the stretched shape are; 0 where the shape is stretched.</summary>
    public static int[] Strides(Shape shape, Shape stretched)
    {
        var strides = new int[stretched.Rank];
        var stride = 1;
        for (var fromEnd = 1; fromEnd <= shape.Rank; fromEnd++)
        {
            var size = (int)shape[shape.Rank - fromEnd];
            strides[^fromEnd] = size == 1 ? 0 : stride;
            stride *= size;
        }

        return strides;
    }

    private static long At(Shape shape, int fromEnd) => fromEnd <= shape.Rank ? shape[shape.Rank - fromEnd] : 1;
}
