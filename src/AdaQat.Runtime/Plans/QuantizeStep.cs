using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Floats become codes: a straight line guesses, and thresholds correct the guess, so that it is exact in any case. Where the guess is
/// proven to be off by one at most, for every float, vectors correct it once.
/// </summary>
/// <remarks>
/// The proof: guess and code both rise with x. So it is enough that at each threshold, and right below it, and at both infinities, the
/// guess is within one of what has to be there.
/// </remarks>
internal sealed unsafe class QuantizeStep : Step
{
    private readonly Slot _from;
    private readonly Slot _to;
    private readonly int _count;
    private readonly float[] _thresholds;
    private readonly Pinned<float> _around;
    private readonly float _slope;
    private readonly float _start;
    private readonly bool _guessesNear;

    public QuantizeStep(QuantizeNode node, Slot from, Slot to, KernelKind kind)
    {
        (_from, _to, _count, _thresholds) = (from, to, (int)node.Shape.ElementCount, node.Thresholds.ToArray());
        var slope = (_thresholds.Length - 1) / (_thresholds[^1] - _thresholds[0]);
        _slope = float.IsFinite(slope) ? slope : 0;
        _start = float.IsFinite(_thresholds[0]) ? 1 - (_slope * _thresholds[0]) : 0;

        // No number is below the first or reaches the last.
        _around = new([float.NaN, .. _thresholds, float.NaN]);
        _guessesNear = kind.HasAvx2() && Guess(float.NegativeInfinity) <= 1 && Guess(float.PositiveInfinity) >= _thresholds.Length - 1;
        for (var code = 1; code <= _thresholds.Length; code++)
        {
            var threshold = _thresholds[code - 1];
            _guessesNear &= Guess(threshold) >= code - 1 && Guess(MathF.BitDecrement(threshold)) <= code;
        }
    }

    public override IEnumerable<Slot> Slots => [_from, _to];

    public override void Run(RunState state)
    {
        var from = (float*)state.At(_from);
        var to = state.At(_to);
        var i = 0;
        for (; _guessesNear && i + 8 <= _count; i += 8)
        {
            *(ulong*)(to + i) = Eight(Vector256.Load(from + i));
        }

        for (; i < _count; i++)
        {
            to[i] = (byte)One(from[i]);
        }
    }

    private int Guess(float x)
    {
        var guess = MathF.Max(0, MathF.Min((x * _slope) + _start, _thresholds.Length));
        return float.IsNaN(guess) ? 0 : (int)guess;
    }

    private int One(float x)
    {
        ReadOnlySpan<float> thresholds = _thresholds;
        var code = Guess(x);
        while (code < thresholds.Length && x >= thresholds[code])
        {
            code++;
        }

        while (code > 0 && x < thresholds[code - 1])
        {
            code--;
        }

        return float.IsNaN(x) ? 0 : code;
    }

    private ulong Eight(Vector256<float> x)
    {
        // Of two numbers of which one is NaN the instructions take the second.
        var guess = Avx.Max((x * Vector256.Create(_slope)) + Vector256.Create(_start), Vector256<float>.Zero);
        var code = Avx.ConvertToVector256Int32WithTruncation(Avx.Min(guess, Vector256.Create((float)_thresholds.Length)));
        var rises = Avx.CompareGreaterThanOrEqual(x, Avx2.GatherVector256(_around.Pointer + 1, code, 4)).AsInt32();
        var falls = Avx.CompareLessThan(x, Avx2.GatherVector256(_around.Pointer, code, 4)).AsInt32();
        code = code - rises + falls;
        code = Avx2.AndNot(Avx.CompareUnordered(x, x).AsInt32(), code);
        var words = Sse2.PackSignedSaturate(code.GetLower(), code.GetUpper());
        return Sse2.PackUnsignedSaturate(words, words).AsUInt64().ToScalar();
    }
}
