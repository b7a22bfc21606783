using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Sums of products of a convolution in which every channel has its own window and its own output. Taps go by twos, since the instruction
/// adds two products of 16 bits in 32, exactly.
/// </summary>
internal sealed unsafe class DepthwiseLayer
{
    private readonly Pinned<short> _weights;
    private readonly Pinned<int> _initial;
    private readonly Pinned<int> _taps;
    private readonly int _channels;

    /// <param name="taps">Where each tap is, from a pixel's base on.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="weight">The weight of a channel at a tap.</param>
    /// <param name="initial">What each sum starts from.</param>
    public DepthwiseLayer(int[] taps, int channels, Func<int, int, int> weight, int[] initial)
    {
        // An odd last tap meets the first once more, with weights of 0.
        _taps = new(taps.Length % 2 == 0 ? taps : [.. taps, taps[0]]);
        _channels = channels;
        _weights = new(_taps.Count * channels);
        _initial = new(initial);
        for (var tap = 0; tap < taps.Length; tap++)
        {
            for (var c = 0; c < channels; c++)
            {
                _weights.Span[(((tap / 2 * channels) + c) * 2) + (tap % 2)] = (short)weight(c, tap);
            }
        }
    }

    /// <summary>The bytes that its weights take.</summary>
    public long Bytes => (2L * _weights.Count) + (4L * _initial.Count);

    public void Run(KernelKind kind, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        var vectors = kind.HasAvx2() ? _channels / 8 * 8 : 0;
        for (var pixel = 0; pixel < pixels; pixel++, sums += stride)
        {
            var at = input + bases[pixel];
            for (var c = 0; c < vectors; c += 8)
            {
                var sum = Vector256.Load(_initial.Pointer + c);
                for (var tap = 0; tap < _taps.Count; tap += 2)
                {
                    var first = Vector128.CreateScalarUnsafe(*(long*)(at + _taps.Pointer[tap] + c)).AsByte();
                    var second = Vector128.CreateScalarUnsafe(*(long*)(at + _taps.Pointer[tap + 1] + c)).AsByte();
                    var both = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(first, second));
                    sum += Avx2.MultiplyAddAdjacent(both, Vector256.Load(_weights.Pointer + (((tap / 2 * _channels) + c) * 2)));
                }

                sum.Store(sums + c);
            }

            for (var c = vectors; c < _channels; c++)
            {
                var sum = _initial.Pointer[c];
                for (var tap = 0; tap < _taps.Count; tap++)
                {
                    sum += at[_taps.Pointer[tap] + c] * _weights.Pointer[(((tap / 2 * _channels) + c) * 2) + (tap % 2)];
                }

                sums[c] = sum;
            }
        }
    }
}
