namespace AdaQat.Runtime;

/// <summary>
/// A layer's accumulators tap by tap, for what bytes don't hold: a grid without a zero whose padding no byte stands for, 9-bit weights in
/// groups, images with padding beyond all measure. Slow.
/// </summary>
internal sealed unsafe class PlainProducer(LayerShape shape, IntegerWeights weights, Codes codes, Slot input)
    : Producer(shape.Pixels, shape.Outputs)
{
    public override IEnumerable<Slot> Slots => [input];

    public override long Work => shape.Macs;

    public override void Fill(RunState state, int first, int count, int* tile)
    {
        for (var pixel = first; pixel < first + count; pixel++, tile += Stride)
        {
            new Span<int>(tile, Channels).Clear();
            var (row, column) = Math.DivRem(pixel, shape.OutWidth);
            for (var tap = 0; tap < shape.Taps; tap++)
            {
                var (tapRow, tapColumn) = Math.DivRem(tap, shape.Size.Horizontal);
                var y = Element(row, tapRow, shape.Stride.Vertical, shape.Dilation.Vertical, shape.Before.Top, shape.Height);
                var x = Element(column, tapColumn, shape.Stride.Horizontal, shape.Dilation.Horizontal, shape.Before.Left, shape.Width);
                if (y >= 0 && x >= 0)
                {
                    Add(state.At(input) + (((y * shape.Width) + x) * shape.Channels), tap, tile);
                }
            }
        }
    }

    /// <summary>Which element of the input meets a tap along an axis, or −1.</summary>
    private long Element(long place, long tap, long stride, long dilation, long before, long elements)
    {
        long element;
        if (shape.Transposed)
        {
            var (quotient, rest) = Math.DivRem(place + before - (tap * dilation), stride);
            element = rest == 0 ? quotient : -1;
        }
        else
        {
            element = (place * stride) - before + (tap * dilation);
        }

        return element < elements ? element : -1;
    }

    private void Add(byte* element, int tap, int* tile)
    {
        var perOutput = shape.Outputs / shape.Groups;
        for (var m = 0; m < Channels; m++)
        {
            var from = element + (m / perOutput * shape.PerGroup);
            for (var c = 0; c < shape.PerGroup; c++)
            {
                tile[m] += ((codes.Multiplier * from[c]) + codes.Offset) * weights.Integer(m, (tap * shape.PerGroup) + c);
            }
        }
    }
}
