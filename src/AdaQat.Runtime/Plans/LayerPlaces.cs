namespace AdaQat.Runtime;

/// <summary>Where a layer's bytes are: the image, each pixel's base in it, and the taps from there on.</summary>
internal sealed unsafe class LayerPlaces
{
    private readonly LayerShape _shape;

    public LayerPlaces(LayerShape shape, Codes codes, Slot input)
    {
        (_shape, Input, Width) = (shape, input, shape.Width);
        if (shape.Pads || codes.Multiplier > 1)
        {
            var (height, width) = ((int)shape.Image.Height, (int)shape.Image.Width);
            var edge = shape.Transposed
                ? ((shape.Dilation.Vertical * (shape.Size.Vertical - 1)) - shape.Before.Top,
                    (shape.Dilation.Horizontal * (shape.Size.Horizontal - 1)) - shape.Before.Left)
                : shape.Before;
            Image = new(input, (shape.Height, shape.Width, shape.Channels), (height, width), edge,
                shape.Transposed ? shape.Stride : (1, 1), codes.Multiplier, shape.Pads ? (byte)-codes.Offset : (byte)0);
            Width = width;
        }

        Bases = new(shape.Pixels);
        var stride = shape.Transposed ? (Vertical: 1, Horizontal: 1) : shape.Stride;
        for (var pixel = 0; pixel < shape.Pixels; pixel++)
        {
            var (row, column) = Math.DivRem(pixel, shape.OutWidth);
            Bases.Span[pixel] = ((row * stride.Vertical * Width) + (column * stride.Horizontal)) * shape.Channels;
        }
    }

    /// <summary>The codes.</summary>
    public Slot Input { get; }

    /// <summary>The larger image that they are copied into, or null where they are read as they are.</summary>
    public PaddedImage? Image { get; }

    /// <summary>How many elements a row of the image has.</summary>
    public int Width { get; }

    /// <summary>Where each pixel starts.</summary>
    public Pinned<int> Bases { get; }

    public IEnumerable<Slot> Slots => Image is null ? [Input] : [Input, Image.Slot];

    /// <summary>Where a tap is, from a pixel's base on; a transposed convolution's go the other way around.</summary>
    public int Start(int tap)
    {
        var (row, column) = Math.DivRem(tap, _shape.Size.Horizontal);
        return ((row * _shape.Dilation.Vertical * Width) + (column * _shape.Dilation.Horizontal)) * _shape.Channels;
    }

    /// <summary>Which of the weights' taps meets there.</summary>
    public int WeightTap(int tap) => _shape.Transposed ? _shape.Taps - 1 - tap : tap;

    public byte* Address(RunState state) => state.At(Image?.Slot ?? Input);
}
