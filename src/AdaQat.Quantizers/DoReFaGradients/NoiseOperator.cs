using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.DoReFaGradients;

/// <summary>
/// σ of neighbouring elements, uniform on [−½, ½): a function of a seed and an element's number alone, so that any thread can make any
/// part of it.
/// </summary>
/// <remarks>
/// The number is mixed with one half of the seed and then with the other by the last step of MurmurHash3, in which every bit of the result
/// depends on every bit of the number. The upper 24 bits make a float32.
/// </remarks>
internal struct NoiseOperator(ulong seed, long start) : IVectorOperator<float>
{
    private readonly Vector<uint> _low = new((uint)seed);
    private readonly Vector<uint> _high = new((uint)(seed >> 32));

    private Vector<uint> _numbers = Vector<uint>.Indices + new Vector<uint>((uint)start);

    /// <summary>The noise of the next elements, whatever they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> At(Vector<float> first, Vector<float> second)
    {
        var mixed = Mixed(Mixed(_numbers ^ _low) ^ _high);
        _numbers += new Vector<uint>((uint)Vector<uint>.Count);
        var whole = Vector.ConvertToSingle(Vector.ShiftRightLogical(mixed, 8).As<uint, int>());
        return (whole * new Vector<float>(1f / (1 << 24))) - new Vector<float>(0.5f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Mixed(Vector<uint> h)
    {
        h = (h ^ Vector.ShiftRightLogical(h, 16)) * new Vector<uint>(0x85EB_CA6B);
        h = (h ^ Vector.ShiftRightLogical(h, 13)) * new Vector<uint>(0xC2B2_AE35);
        return h ^ Vector.ShiftRightLogical(h, 16);
    }
}
