using System.Numerics;

namespace AdaQat.Search.Networks;

/// <summary>Sums over a row of float32 numbers: in float32 within blocks, of which the sums are added in 64 bits.</summary>
internal static unsafe class ChannelSums
{
    /// <summary>Numbers a block, a multiple of any vector's length.</summary>
    public const int Block = 1024;

    /// <summary>Σ(x − near) and Σ(x − near)².</summary>
    public static (double Values, double Squares) Of(float* row, long length, float near)
    {
        var (values, squares) = (0.0, 0.0);
        var offset = new Vector<float>(near);
        var i = 0L;
        while (i <= length - Vector<float>.Count)
        {
            var end = Math.Min(length, i + Block);
            var (first, second) = (Vector<float>.Zero, Vector<float>.Zero);
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                var difference = Vector.Load(row + i) - offset;
                first += difference;
                second += difference * difference;
            }

            (values, squares) = (values + Vector.Sum(first), squares + Vector.Sum(second));
        }

        for (; i < length; i++)
        {
            var difference = (double)row[i] - near;
            (values, squares) = (values + difference, squares + (difference * difference));
        }

        return (values, squares);
    }
}
