namespace AdaQat.Graph;

/// <summary>The largest of a window's elements; NaN if one is.</summary>
internal static class WindowMaximum
{
    public static double Of(ReadOnlySpan<double> plane, ImageShape x, PoolWindow depth, PoolWindow height, PoolWindow width)
    {
        var largest = double.NegativeInfinity;
        for (var z = depth.First; z < depth.End; z += depth.Step)
        {
            for (var y = height.First; y < height.End; y += height.Step)
            {
                var row = plane.Slice(((z * x.Height) + y) * x.Width, x.Width);
                for (var i = width.First; i < width.End; i += width.Step)
                {
                    largest = Math.Max(largest, row[i]);
                }
            }
        }

        return largest;
    }
}
