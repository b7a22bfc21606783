namespace AdaQat.Runtime;

/// <summary>Floats become codes: a straight line guesses, and thresholds correct the guess, so that it is exact in any case.</summary>
internal sealed unsafe class QuantizeStep : Step
{
    private readonly Slot _from;
    private readonly Slot _to;
    private readonly int _count;
    private readonly float[] _thresholds;
    private readonly float _slope;
    private readonly float _start;

    public QuantizeStep(QuantizeNode node, Slot from, Slot to)
    {
        (_from, _to, _count, _thresholds) = (from, to, (int)node.Shape.ElementCount, node.Thresholds.ToArray());
        var slope = (_thresholds.Length - 1) / (_thresholds[^1] - _thresholds[0]);
        _slope = float.IsFinite(slope) ? slope : 0;
        _start = float.IsFinite(_thresholds[0]) ? 1 - (_slope * _thresholds[0]) : 0;
    }

    public override IEnumerable<Slot> Slots => [_from, _to];

    public override void Run(RunState state)
    {
        var from = (float*)state.At(_from);
        var to = state.At(_to);
        ReadOnlySpan<float> thresholds = _thresholds;
        for (var i = 0; i < _count; i++)
        {
            var x = from[i];
            var guess = MathF.Max(0, MathF.Min((x * _slope) + _start, thresholds.Length));
            var code = float.IsNaN(guess) ? 0 : (int)guess;
            while (code < thresholds.Length && x >= thresholds[code])
            {
                code++;
            }

            while (code > 0 && x < thresholds[code - 1])
            {
                code--;
            }

            to[i] = (byte)(float.IsNaN(x) ? 0 : code);
        }
    }
}
