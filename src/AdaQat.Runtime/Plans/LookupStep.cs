namespace AdaQat.Runtime;

/// <summary>Codes become what a table says.</summary>
internal sealed unsafe class LookupStep : Step
{
    private readonly Slot _from;
    private readonly Slot _to;
    private readonly int _count;
    private readonly int _entries;
    private readonly int _tables;
    private readonly int[] _table;
    private readonly bool _codes;

    public LookupStep(LookupNode node, Slot from, Slot to)
    {
        (_from, _to, _count, _codes) = (from, to, (int)node.Shape.ElementCount, node.Type is Codes);
        _entries = ((Codes)node.Inputs[0].Type).MaxCode + 1;
        _table = node.Table.ToArray();
        _tables = _table.Length / _entries;
    }

    public override IEnumerable<Slot> Slots => [_from, _to];

    public override void Run(RunState state)
    {
        byte* from = state.At(_from), to = state.At(_to);
        for (int i = 0, start = 0; i < _count; i++)
        {
            var number = _table[start + from[i]];
            if (_codes)
            {
                to[i] = (byte)number;
            }
            else
            {
                ((int*)to)[i] = number;
            }

            start = start + _entries == _tables * _entries ? 0 : start + _entries;
        }
    }
}
