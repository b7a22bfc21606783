using System.Globalization;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>Shapes as tables show them: <c>128x16x32x32</c>.</summary>
internal static class Shapes
{
    public static long[] Parse(string shape) => [.. shape.Split('x').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];

    public static long Elements(string shape) => Parse(shape).Aggregate((product, size) => product * size);
}
