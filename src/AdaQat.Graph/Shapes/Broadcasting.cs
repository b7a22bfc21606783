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
    /// <param name="sizes">The shape's sizes.</param>
    /// <param name="strides">Room for one number for each axis of the stretched shape.</param>
    public static void Strides(ReadOnlySpan<long> sizes, Span<int> strides)
    {
        strides.Clear();
        var stride = 1;
        for (var fromEnd = 1; fromEnd <= sizes.Length; fromEnd++)
        {
            var size = (int)sizes[^fromEnd];
            strides[^fromEnd] = size == 1 ? 0 : stride;
            stride *= size;
        }
    }

    private static long At(Shape shape, int fromEnd) => fromEnd <= shape.Rank ? shape[shape.Rank - fromEnd] : 1;
}
