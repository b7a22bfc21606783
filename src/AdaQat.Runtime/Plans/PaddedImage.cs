namespace AdaQat.Runtime;

/// <summary>
/// An image's codes copied into a larger one: an edge around it, gaps between its elements (for transposed convolutions), codes doubled
/// where integers go by twos, so that a byte u stands for the integer u + offset.
/// </summary>
internal sealed unsafe class PaddedImage
{
    private readonly Slot _from;
    private readonly int _height;
    private readonly int _width;
    private readonly int _rowBytes;
    private readonly int _channels;
    private readonly int _top;
    private readonly int _left;
    private readonly int _verticalStep;
    private readonly int _horizontalStep;
    private readonly int _multiplier;
    private readonly byte _fill;

    /// <param name="from">The codes.</param>
    /// <param name="size">Their height, width and channels.</param>
    /// <param name="to">The height and width of the larger image.</param>
    /// <param name="edge">Where the first element is in it; may be negative: elements outside are left out.</param>
    /// <param name="step">How far apart neighbours are in it.</param>
    /// <param name="multiplier">What codes are multiplied by.</param>
    /// <param name="fill">The byte everywhere else.</param>
    public PaddedImage(
        Slot from, (int Height, int Width, int Channels) size, (int Height, int Width) to, (int Top, int Left) edge,
        (int Vertical, int Horizontal) step, int multiplier, byte fill)
    {
        (_from, _height, _width, _channels) = (from, size.Height, size.Width, size.Channels);
        (_top, _left) = edge;
        (_verticalStep, _horizontalStep) = step;
        (_multiplier, _fill, Height, Width) = (multiplier, fill, to.Height, to.Width);
        _rowBytes = to.Width * size.Channels;
        Slot = new((long)to.Height * _rowBytes);
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The larger image.</summary>
    public Slot Slot { get; }

    public void Make(RunState state)
    {
        var (from, to) = ((nint)state.At(_from), (nint)state.At(Slot));
        var all = new Span<byte>((void*)to, (int)Slot.Bytes);
        if (_verticalStep == 1 && _horizontalStep == 1 && _top >= 0 && _left >= 0 && _top + _height <= Height && _left + _width <= Width)
        {
            Surround((byte*)from, all);
            return;
        }

        all.Fill(_fill);
        for (var row = 0; row < _height; row++)
        {
            var y = _top + (row * _verticalStep);
            if (y < 0 || y >= Height)
            {
                continue;
            }

            var line = new ReadOnlySpan<byte>((byte*)from + ((long)row * _width * _channels), _width * _channels);
            var into = all.Slice(y * _rowBytes, _rowBytes);
            for (var column = 0; column < _width; column++)
            {
                var x = _left + (column * _horizontalStep);
                if (x >= 0 && x < Width)
                {
                    Copy(line.Slice(column * _channels, _channels), into.Slice(x * _channels, _channels));
                }
            }
        }
    }

    /// <summary>The whole image with an edge, each byte of which is written once.</summary>
    private void Surround(byte* from, Span<byte> all)
    {
        var (line, done) = (_width * _channels, 0);
        for (var row = 0; row < _height; row++)
        {
            var start = ((_top + row) * _rowBytes) + (_left * _channels);
            all[done..start].Fill(_fill);
            Copy(new(from + ((long)row * line), line), all.Slice(start, line));
            done = start + line;
        }

        all[done..].Fill(_fill);
    }

    private void Copy(ReadOnlySpan<byte> line, Span<byte> into)
    {
        if (_multiplier == 1)
        {
            line.CopyTo(into);
            return;
        }

        for (var i = 0; i < line.Length; i++)
        {
            into[i] = (byte)(line[i] * _multiplier);
        }
    }
}
