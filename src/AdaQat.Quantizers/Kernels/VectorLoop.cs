using System.Numerics;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Walks arrays a vector at a time.</summary>
/// <remarks>
/// What remains behind the last whole vector goes through the same vector operations, padded with zeros, so that an element's result
/// does not depend on where it lies.
/// </remarks>
internal static unsafe class VectorLoop
{
    /// <summary>Applies <paramref name="step"/> to <paramref name="count"/> elements.</summary>
    /// <param name="step">What is done.</param>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input; may be the first again.</param>
    /// <param name="result">Where results go, an input's own place among others; null where only sums are wanted.</param>
    /// <param name="count">How many.</param>
    public static void Run<T, TStep>(ref TStep step, T* first, T* second, T* result, long count)
        where T : unmanaged
        where TStep : struct, IVectorOperator<T>
    {
        var running = step;
        var whole = count - (count % Vector<T>.Count);
        if (result is null)
        {
            for (var i = 0L; i < whole; i += Vector<T>.Count)
            {
                running.At(Vector.Load(first + i), Vector.Load(second + i));
            }
        }
        else
        {
            for (var i = 0L; i < whole; i += Vector<T>.Count)
            {
                running.At(Vector.Load(first + i), Vector.Load(second + i)).Store(result + i);
            }
        }

        step = running;
        if (whole < count)
        {
            Rest(ref step, first + whole, second + whole, result is null ? null : result + whole, (int)(count - whole));
        }
    }

    private static void Rest<T, TStep>(ref TStep step, T* first, T* second, T* result, int count)
        where T : unmanaged
        where TStep : struct, IVectorOperator<T>
    {
        Span<T> a = stackalloc T[Vector<T>.Count];
        Span<T> b = stackalloc T[Vector<T>.Count];
        Span<T> r = stackalloc T[Vector<T>.Count];
        new ReadOnlySpan<T>(first, count).CopyTo(a);
        new ReadOnlySpan<T>(second, count).CopyTo(b);
        a[count..].Clear();
        b[count..].Clear();
        step.At(new Vector<T>(a), new Vector<T>(b)).CopyTo(r);
        if (result is not null)
        {
            r[..count].CopyTo(new Span<T>(result, count));
        }
    }
}
