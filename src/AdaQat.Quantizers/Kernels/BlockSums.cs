using System.Numerics;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Walks a block in short stretches, whose sums in the elements' own type are added up in double.</summary>
internal static unsafe class BlockSums
{
    /// <summary>The elements of a stretch: float32 adds a few dozen terms a lane before double takes over.</summary>
    private const int Stretch = 1024;

    /// <summary>
    /// Runs a step over <paramref name="count"/> elements and adds up the two sums that <paramref name="sums"/> takes from it.
    /// </summary>
    public static (double First, double Second) Run<T, TStep>(
        TStep fresh, T* first, T* second, T* result, long count, Func<TStep, (Vector<T> First, Vector<T> Second)> sums)
        where T : unmanaged, INumberBase<T>
        where TStep : struct, IVectorOperator<T>
    {
        var (total, other) = (0.0, 0.0);
        for (var start = 0L; start < count; start += Stretch)
        {
            var step = fresh;
            VectorLoop.Run(
                ref step, first + start, second + start, result is null ? null : result + start, Math.Min(Stretch, count - start));
            var (a, b) = sums(step);
            total += double.CreateChecked(Vector.Sum(a));
            other += double.CreateChecked(Vector.Sum(b));
        }

        return (total, other);
    }
}
