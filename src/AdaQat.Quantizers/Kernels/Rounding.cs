using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Rounding of vectors of either type.</summary>
internal static class Rounding
{
    /// <summary>torch.round: halves go to the even neighbour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> HalfToEven<T>(Vector<T> values)
        where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.Round(values.As<T, float>()).As<float, T>()
        : Vector.Round(values.As<T, double>()).As<double, T>();

    /// <summary>torch.floor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Down<T>(Vector<T> values)
        where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.Floor(values.As<T, float>()).As<float, T>()
        : Vector.Floor(values.As<T, double>()).As<double, T>();
}
