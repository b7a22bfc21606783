using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Changes of scale that vectors compute in 64-bit floats where that is exact: where |x · multiplier| + |offset| is below 2^53 for every
/// integer that can occur, product and sum are the numbers themselves, and scaling by a power of two changes no digit.
/// </summary>
internal sealed unsafe class RescaleRules
{
    private const long Exactly = 1L << 53;
    private readonly Rescale[] _rescales;
    private readonly int[] _wide;
    private readonly Pinned<double> _numbers;
    private readonly int _channels;
    private readonly int _padded;
    private readonly int _min;
    private readonly int _max;

    public RescaleRules(IReadOnlyList<Rescale> rescales, int channels, int min, int max, NumberType input)
    {
        (_rescales, _channels, _padded, _min, _max) = ([.. rescales], channels, (channels + 15) / 16 * 16, min, max);
        _numbers = new(2 * _padded);
        var most = Math.Max(Math.Abs(input.MinInteger), Math.Abs(input.MaxInteger));
        var wide = new List<int>();
        for (var i = 0; i < channels; i++)
        {
            var rescale = Of(i);
            if ((most * Math.Abs((long)rescale.Multiplier)) + Math.Abs(rescale.Offset) >= Exactly)
            {
                wide.Add(i);
            }

            _numbers.Span[i] = Math.ScaleB(rescale.Multiplier, -rescale.Shift);
            _numbers.Span[_padded + i] = Math.ScaleB(rescale.Offset, -rescale.Shift);
        }

        _wide = [.. wide];
    }

    /// <summary>Integers of pixels' sums, in their new scale.</summary>
    public void Run(KernelKind kind, int* sums, int stride, int pixels, int* into)
    {
        var vectors = kind.HasAvx2() ? _channels / 4 * 4 : 0;
        for (var pixel = 0; pixel < pixels; pixel++, sums += stride, into += _channels)
        {
            var first = 0;
            for (; kind == KernelKind.Avx512 && first + 8 <= vectors; first += 8)
            {
                var x = Avx512F.ConvertToVector512Double(Vector256.Load(sums + first));
                x = Vector512.Floor((x * Vector512.Load(_numbers.Pointer + first)) + Vector512.Load(_numbers.Pointer + _padded + first));
                x = Avx512F.Min(Avx512F.Max(x, Vector512.Create((double)_min)), Vector512.Create((double)_max));
                Avx512F.ConvertToVector256Int32WithTruncation(x).Store(into + first);
            }

            for (var c = first; c < vectors; c += 4)
            {
                var x = Avx.ConvertToVector256Double(Vector128.Load(sums + c));
                x = Avx.Floor((x * Vector256.Load(_numbers.Pointer + c)) + Vector256.Load(_numbers.Pointer + _padded + c));
                x = Avx.Min(Avx.Max(x, Vector256.Create((double)_min)), Vector256.Create((double)_max));
                Avx.ConvertToVector128Int32WithTruncation(x).Store(into + c);
            }

            for (var c = vectors; c < _channels; c++)
            {
                into[c] = One(c, sums[c]);
            }

            if (vectors > 0)
            {
                foreach (var c in _wide)
                {
                    into[c] = One(c, sums[c]);
                }
            }
        }
    }

    private Rescale Of(int channel) => _rescales[_rescales.Length == 1 ? 0 : channel];

    private int One(int channel, int integer) => (int)Math.Clamp(Of(channel).Apply(integer), _min, _max);
}
