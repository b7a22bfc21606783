namespace AdaQat.Runtime;

/// <summary>A product of two values.</summary>
internal sealed unsafe class ProductProducer : Producer
{
    private readonly KernelKind _kind;
    private readonly IntegerOperand _left;
    private readonly IntegerOperand _right;
    private readonly Slot _row;

    public ProductProducer(int pixels, int channels, KernelKind kind, IntegerOperand left, IntegerOperand right)
        : base(pixels, channels)
    {
        (_kind, _left, _right, _row) = (kind, left, right, new(4L * Stride) { IsScratch = true });
    }

    public override IEnumerable<Slot> Slots => [_left.Slot, _right.Slot, _row];

    public override void Fill(RunState state, int first, int count, int* tile)
    {
        _left.Read(_kind, state, first, count, 1, tile, Stride, adds: false);
        var row = (int*)state.At(_row);
        for (var pixel = 0; pixel < count; pixel++, tile += Stride)
        {
            _right.Read(_kind, state, first + pixel, 1, 1, row, Stride, adds: false);
            Tile.Multiply(tile, row, Channels);
        }
    }
}
