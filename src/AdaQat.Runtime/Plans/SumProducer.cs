namespace AdaQat.Runtime;

/// <summary>A weighted sum of values; of one value, with a multiplier of 1, the value itself.</summary>
internal sealed unsafe class SumProducer(
    int pixels, int channels, KernelKind kind, IntegerOperand[] operands, int[] multipliers, int offset) : Producer(pixels, channels)
{
    public override IEnumerable<Slot> Slots => operands.Select(operand => operand.Slot);

    public override void Fill(RunState state, int first, int count, int* tile)
    {
        if (operands.Length == 2 && operands[0].PlainCodes is { } left && operands[1].PlainCodes is { } right)
        {
            TwoCodes(state, first, count, left, right, tile);
            return;
        }

        for (var i = 0; i < operands.Length; i++)
        {
            operands[i].Read(kind, state, first, count, multipliers[i], tile, Stride, adds: i > 0);
        }

        if (offset != 0)
        {
            Tile.Add(tile, (long)count * Stride, offset);
        }
    }

    /// <summary>What residual connections with quantized operands are, in one pass.</summary>
    private void TwoCodes(RunState state, int first, int count, Codes left, Codes right, int* tile)
    {
        var (factor, other) = (multipliers[0] * left.Multiplier, multipliers[1] * right.Multiplier);
        var term = (multipliers[0] * left.Offset) + (multipliers[1] * right.Offset) + offset;
        byte* from = state.At(operands[0].Slot) + ((long)first * Channels), with = state.At(operands[1].Slot) + ((long)first * Channels);
        if (Stride == Channels)
        {
            Widening.TwoCodes(kind, from, factor, with, other, term, count * Channels, tile);
            return;
        }

        for (var pixel = 0; pixel < count; pixel++, from += Channels, with += Channels, tile += Stride)
        {
            Widening.TwoCodes(kind, from, factor, with, other, term, Channels, tile);
        }
    }
}
