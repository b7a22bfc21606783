namespace AdaQat.Costs;

/// <summary>Piecewise linear functions.</summary>
internal static class PiecewiseLinear
{
    /// <summary>
    /// The value at <paramref name="x"/> of the function that is 0 at 0 and goes through the points; beyond the last it keeps its slope.
    /// </summary>
    /// <param name="points">At least one, ascending, from above 0.</param>
    /// <param name="x">0 and more.</param>
    public static double Through(IReadOnlyList<(double X, double Y)> points, double x)
    {
        (double X, double Y) before = (0, 0);
        for (var i = 0; i < points.Count - 1 && points[i].X <= x; i++)
        {
            before = points[i];
        }

        var after = points.First(p => p.X > before.X);
        return before.Y + ((after.Y - before.Y) * (x - before.X) / (after.X - before.X));
    }
}
