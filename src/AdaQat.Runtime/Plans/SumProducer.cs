namespace AdaQat.Runtime;

/// <summary>A weighted sum of values; of one value, with a multiplier of 1, the value itself.</summary>
internal sealed unsafe class SumProducer(
    int pixels, int channels, KernelKind kind, IntegerOperand[] operands, int[] multipliers, int offset) : Producer(pixels, channels)
{
    public override IEnumerable<Slot> Slots => operands.Select(operand => operand.Slot);

    public override void Fill(RunState state, int first, int count, int* tile)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i].Read(kind, state, first, count, multipliers[i], tile, Stride, adds: i > 0);
        }

        if (offset != 0)
        {
            Tile.Add(tile, (long)count * Stride, offset);
        }
    }
}
