namespace AdaQat.Graph;

/// <summary>The sum of a window's elements.</summary>
internal static class WindowSum
{
    public static double Of(ReadOnlySpan<double> plane, ImageShape x, PoolWindow depth, PoolWindow height, PoolWindow width)
    {
        var sum = 0.0;
        for (var z = depth.First; z < depth.End; z++)
        {
            for (var y = height.First; y < height.End; y++)
            {
                foreach (var number in plane.Slice((((z * x.Height) + y) * x.Width) + width.First, Math.Max(0, width.End - width.First)))
                {
                    sum += number;
                }
            }
        }

        return sum;
    }
}
