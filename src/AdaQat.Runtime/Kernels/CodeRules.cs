using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Rules of channels in a form that vectors compute. A channel's rule becomes two floats where it is proven, threshold by threshold, that
/// their codes are its codes for every integer that can occur; else two 64-bit floats, by the same proof; else it is computed as it stands.
/// </summary>
/// <remarks>
/// The proof: the conversion to float, the product, the sum and the conversion to an integer are each monotone, and so is the rule.
/// Two monotone functions to whole numbers that agree at the ends of the range, and on both sides of every threshold within it, agree
/// everywhere.
/// </remarks>
internal sealed unsafe class CodeRules
{
    private readonly ChannelRule[] _rules;
    private readonly ThresholdSearch?[] _searches;
    private readonly int[] _exact;
    private readonly Pinned<float> _singles;
    private readonly Pinned<double> _doubles;
    private readonly int _channels;
    private readonly int _padded;
    private readonly int _maxCode;
    private readonly bool _fitsFloat;
    private readonly bool[] _blocksFitFloat;
    private readonly int[] _exactByBlocks;
    private readonly bool _fitsInteger = true;

    public CodeRules(IReadOnlyList<ChannelRule> rules, int channels, int maxCode, long min, long max)
    {
        (_channels, _maxCode, _padded) = (channels, maxCode, (channels + 15) / 16 * 16);
        _rules = [.. rules];
        (_singles, _doubles) = (new(2 * _padded), new(2 * _padded));
        var (failsFloat, failsDouble) = (new List<int>(), new List<int>());
        for (var i = 0; i < _rules.Length; i++)
        {
            var places = Places(_rules[i], maxCode, min, max);
            _fitsInteger &= Largest(_rules[i], min, max) < 1 << 30;
            if (Single(_rules[i], places, maxCode) is var (m, b))
            {
                Set(_singles.Span, i, m, b);
            }
            else
            {
                failsFloat.Add(i);
            }

            if (Double(_rules[i], places, maxCode) is var (wideM, wideB))
            {
                Set(_doubles.Span, i, wideM, wideB);
            }
            else
            {
                failsDouble.Add(i);
            }
        }

        _searches = [.. _rules.Select((rule, i) =>
            rule is Thresholds thresholds && (failsFloat.Contains(i) || failsDouble.Contains(i)) ? new ThresholdSearch(thresholds) : null)];
        _fitsFloat = failsFloat.Count <= failsDouble.Count;
        _exact = [.. _fitsFloat ? failsFloat : failsDouble];
        _blocksFitFloat = [.. Enumerable.Range(0, _padded / 16).Select(
            block => !failsFloat.Exists(i => _rules.Length == 1 || i / 16 == block))];
        _exactByBlocks = [.. failsDouble.Where(i => !_blocksFitFloat[i / 16])];
    }

    /// <summary>How many rules no float computes.</summary>
    public int Exact => _exact.Length;

    /// <summary>Whether 32-bit floats compute the rest.</summary>
    public bool FitsFloat => _fitsFloat;

    /// <summary>Codes of pixels' sums.</summary>
    public void Run(KernelKind kind, int* sums, int stride, int pixels, byte* codes)
    {
        if (kind == KernelKind.Plain)
        {
            Plain(sums, stride, pixels, codes);
            return;
        }

        if (kind == KernelKind.Avx512 && _fitsInteger)
        {
            Huge(sums, stride, pixels, codes);
            return;
        }

        for (var pixel = 0; pixel < pixels; pixel++)
        {
            Row(kind, sums + ((long)pixel * stride), codes + ((long)pixel * _channels));
        }

        Patch(_exact, sums, stride, pixels, codes);
    }

    private void Plain(int* sums, int stride, int pixels, byte* codes)
    {
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            for (var c = 0; c < _channels; c++)
            {
                codes[((long)pixel * _channels) + c] =
                    (byte)_rules[_rules.Length == 1 ? 0 : c].CodeOf(sums[((long)pixel * stride) + c], _maxCode);
            }
        }
    }

    /// <summary>By 512 bits: 16 channels after the other by 32-bit floats, or by 64-bit floats where one of them needs those.</summary>
    private void Huge(int* sums, int stride, int pixels, byte* codes)
    {
        for (var c = 0; c < _channels; c += 16)
        {
            var count = Math.Min(16, _channels - c);
            if (_blocksFitFloat[c / 16])
            {
                HugeCodes.Singles(sums + c, stride, pixels, _singles.Pointer + c, _singles.Pointer + _padded + c, _maxCode, codes + c,
                    _channels, count);
            }
            else
            {
                HugeCodes.Doubles(sums + c, stride, pixels, _doubles.Pointer + c, _doubles.Pointer + _padded + c, _maxCode, codes + c,
                    _channels, count);
            }
        }

        Patch(_exactByBlocks, sums, stride, pixels, codes);
    }

    private void Row(KernelKind kind, int* sums, byte* codes)
    {
        var c = 0;
        for (; c + 16 <= _channels; c += 16)
        {
            Sixteen(kind, sums, c).Store(codes + c);
        }

        if (c < _channels)
        {
            var last = Sixteen(kind, sums, c);
            if (_channels - c == 8)
            {
                *(ulong*)(codes + c) = last.AsUInt64().ToScalar();
                return;
            }

            new ReadOnlySpan<byte>(&last, _channels - c).CopyTo(new Span<byte>(codes + c, _channels - c));
        }
    }

    private Vector128<byte> Sixteen(KernelKind kind, int* sums, int c)
    {
        if (!kind.HasAvx2())
        {
            return Vector128.Narrow(
                Vector128.Narrow(Four(sums, c), Four(sums, c + 4)), Vector128.Narrow(Four(sums, c + 8), Four(sums, c + 12))).AsByte();
        }

        var (low, high) = _fitsFloat ? (Eight(sums, c), Eight(sums, c + 8))
            : (Vector256.Create(Doubles(sums, c), Doubles(sums, c + 4)), Vector256.Create(Doubles(sums, c + 8), Doubles(sums, c + 12)));
        var words = Avx2.Permute4x64(Avx2.PackSignedSaturate(low, high).AsInt64(), 0b11_01_10_00).AsInt16();
        return Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper());
    }

    private Vector256<int> Eight(int* sums, int c)
    {
        var x = Avx.ConvertToVector256Single(Vector256.Load(sums + c));
        x = (x * Vector256.Load(_singles.Pointer + c)) + Vector256.Load(_singles.Pointer + _padded + c);
        return Avx.ConvertToVector256Int32WithTruncation(
            Avx.Min(Avx.Max(x, Vector256<float>.Zero), Vector256.Create((float)_maxCode)));
    }

    private Vector128<int> Four(int* sums, int c)
    {
        if (!_fitsFloat)
        {
            return Narrowed(sums, c);
        }

        var x = Vector128.ConvertToSingle(Vector128.Load(sums + c));
        x = (x * Vector128.Load(_singles.Pointer + c)) + Vector128.Load(_singles.Pointer + _padded + c);
        return Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(x, Vector128<float>.Zero), Vector128.Create((float)_maxCode)));
    }

    private Vector128<int> Doubles(int* sums, int c)
    {
        var x = Avx.ConvertToVector256Double(Vector128.Load(sums + c));
        x = (x * Vector256.Load(_doubles.Pointer + c)) + Vector256.Load(_doubles.Pointer + _padded + c);
        return Avx.ConvertToVector128Int32WithTruncation(
            Avx.Min(Avx.Max(x, Vector256<double>.Zero), Vector256.Create((double)_maxCode)));
    }

    private Vector128<int> Narrowed(int* sums, int c)
    {
        int* codes = stackalloc int[4];
        for (var i = 0; i < 4; i++)
        {
            var x = (sums[c + i] * _doubles.Pointer[c + i]) + _doubles.Pointer[_padded + c + i];
            codes[i] = (int)Math.Min(Math.Max(x, 0), _maxCode);
        }

        return Vector128.Load(codes);
    }

    /// <summary>Rules that no float computes, as they stand.</summary>
    private void Patch(int[] exact, int* sums, int stride, int pixels, byte* codes)
    {
        foreach (var rule in exact)
        {
            // One rule is that of all channels.
            for (var c = rule; c < (_rules.Length == 1 ? _channels : rule + 1); c++)
            {
                Patch(rule, sums + c, stride, pixels, codes + c);
            }
        }
    }

    private void Patch(int rule, int* sums, int stride, int pixels, byte* codes)
    {
        if (_searches[rule] is { } search)
        {
            search.Run(sums, stride, pixels, codes, _channels);
            return;
        }

        for (var pixel = 0; pixel < pixels; pixel++)
        {
            codes[(long)pixel * _channels] = (byte)_rules[rule].CodeOf(sums[(long)pixel * stride], _maxCode);
        }
    }

    private void Set<T>(Span<T> numbers, int rule, T m, T b)
    {
        if (_rules.Length == 1)
        {
            numbers[.._channels].Fill(m);
            numbers.Slice(_padded, _channels).Fill(b);
        }
        else
        {
            (numbers[rule], numbers[_padded + rule]) = (m, b);
        }
    }

    /// <summary>Both ends of the range, and both sides of each threshold in it, with the codes that the rule gives there.</summary>
    private static List<(long Integer, long Code)> Places(ChannelRule rule, int maxCode, long min, long max)
    {
        var places = new List<(long, long)> { (min, rule.CodeOf(min, maxCode)), (max, rule.CodeOf(max, maxCode)) };
        if (rule is not Rescale { Multiplier: not 0 } rescale)
        {
            return places;
        }

        var size = Math.Abs((long)rescale.Multiplier);
        for (var code = 1; code <= maxCode; code++)
        {
            // The integer at which the product reaches 2^shift · code; falling rules are those of the negative integer.
            var needed = ((Int128)code << rescale.Shift) - rescale.Offset;
            var steps = Int128.IsNegative(needed) ? needed / size : (needed + size - 1) / size;
            foreach (var place in (Int128[])[steps - 1, steps])
            {
                var integer = rescale.Multiplier > 0 ? place : -place;
                if (integer >= min && integer <= max)
                {
                    places.Add(((long)integer, rule.CodeOf((long)integer, maxCode)));
                }
            }
        }

        return places;
    }

    /// <summary>The largest magnitude that a number has before it is clamped.</summary>
    private static double Largest(ChannelRule rule, long min, long max) => rule is not Rescale rescale ? 0
        : Math.ScaleB(Math.Max(Math.Abs((double)rescale.Multiplier * min), Math.Abs((double)rescale.Multiplier * max))
            + Math.Abs((double)rescale.Offset), -rescale.Shift);

    private static (float M, float B)? Single(ChannelRule rule, List<(long Integer, long Code)> places, int maxCode)
    {
        if (rule is not Rescale rescale)
        {
            return null;
        }

        var (m, b) = ((float)Math.ScaleB(rescale.Multiplier, -rescale.Shift), (float)Math.ScaleB(rescale.Offset, -rescale.Shift));
        var (up, down) = (b, b);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            foreach (var candidate in (float[])[up, down])
            {
                if (places.TrueForAll(place => Code((int)place.Integer, m, candidate, maxCode) == place.Code))
                {
                    return (m, candidate);
                }
            }

            (up, down) = (MathF.BitIncrement(up), MathF.BitDecrement(down));
        }

        return null;
    }

    private static (double M, double B)? Double(ChannelRule rule, List<(long Integer, long Code)> places, int maxCode)
    {
        if (rule is not Rescale rescale)
        {
            return null;
        }

        var (m, b) = (Math.ScaleB(rescale.Multiplier, -rescale.Shift), Math.ScaleB(rescale.Offset, -rescale.Shift));
        return places.TrueForAll(place => (int)Math.Min(Math.Max((place.Integer * m) + b, 0), maxCode) == place.Code) ? (m, b) : null;
    }

    private static int Code(int integer, float m, float b, int maxCode) =>
        (int)Math.Min(Math.Max((integer * m) + b, 0), maxCode);
}
