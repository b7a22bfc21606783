namespace AdaQat.Runtime;

/// <summary>Numbers between the caller's array, which may have channels first, and a value, which has them last.</summary>
internal sealed unsafe class BorderStep(IntegerNode node, Slot slot, int index, bool enters, bool channelsFirst) : Step
{
    private readonly int _count = (int)node.Shape.ElementCount;
    private readonly int _channels = node.Shape.Rank == 0 ? 1 : (int)node.Shape[node.Shape.Rank - 1];
    private readonly bool _codes = node.Type is Codes;

    public override IEnumerable<Slot> Slots => [slot];

    public override void Run(RunState state)
    {
        var (outside, inside) = (enters ? state.Inputs[index] : state.Outputs[index], (nint)state.At(slot));
        var pixels = _count / _channels;
        var (from, to) = enters ? (outside, inside) : (inside, outside);
        if (!channelsFirst || _channels == 1 || pixels == 1)
        {
            var bytes = (long)_count * (_codes ? 1 : 4);
            Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
        }
        else if (_codes)
        {
            Transpose((byte*)from, (byte*)to, enters ? _channels : pixels, enters ? pixels : _channels);
        }
        else
        {
            Transpose((int*)from, (int*)to, enters ? _channels : pixels, enters ? pixels : _channels);
        }
    }

    private static void Transpose<T>(T* from, T* to, int rows, int columns)
        where T : unmanaged
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                to[((long)column * rows) + row] = from[((long)row * columns) + column];
            }
        }
    }
}
