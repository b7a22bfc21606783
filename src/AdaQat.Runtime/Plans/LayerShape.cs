using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A layer with weights as one over two axes: an axis is put before the one of 1-D layers, and a linear layer has a row of pixels.
/// </summary>
internal sealed record LayerShape
{
    public required int Height { get; init; }

    public required int Width { get; init; }

    public required int Channels { get; init; }

    public required int OutHeight { get; init; }

    public required int OutWidth { get; init; }

    public required int Outputs { get; init; }

    public int Groups { get; init; } = 1;

    public (int Vertical, int Horizontal) Size { get; init; } = (1, 1);

    public (int Vertical, int Horizontal) Stride { get; init; } = (1, 1);

    public (int Vertical, int Horizontal) Dilation { get; init; } = (1, 1);

    public (int Top, int Left) Before { get; init; }

    public (int Bottom, int Right) After { get; init; }

    public bool Transposed { get; init; }

    public int Taps => Size.Vertical * Size.Horizontal;

    public int Pixels => OutHeight * OutWidth;

    public long Macs => (long)Pixels * Outputs * Taps * PerGroup;

    public int PerGroup => Channels / Groups;

    /// <summary>Whether taps can lie outside the input.</summary>
    public bool Pads => Transposed || Before != (0, 0) || After != (0, 0);

    /// <summary>The size of the image that all taps lie in.</summary>
    public (long Height, long Width) Image => !Pads ? (Height, Width)
        : Transposed ? (OutHeight + ((long)Dilation.Vertical * (Size.Vertical - 1)),
            OutWidth + ((long)Dilation.Horizontal * (Size.Horizontal - 1)))
        : ((long)Before.Top + Height + After.Bottom, (long)Before.Left + Width + After.Right);

    /// <summary>The largest byte that the image holds: of a code, or what stands for 0 around it.</summary>
    public int MostByte(Codes codes) => Math.Max(codes.Multiplier * codes.MaxCode, Pads ? -codes.Offset : 0);

    public static LayerShape Of(IntegerNode node)
    {
        var (input, output) = (node.Inputs[0].Shape, node.Shape);
        return node switch
        {
            LinearNode => new()
            {
                Height = 1,
                Width = (int)(input.ElementCount / input[input.Rank - 1]),
                Channels = (int)input[input.Rank - 1],
                OutHeight = 1,
                OutWidth = (int)(output.ElementCount / output[output.Rank - 1]),
                Outputs = (int)output[output.Rank - 1],
            },
            ConvolutionNode convolution => Windowed(input, output, convolution.Window, convolution.Groups, transposed: false),
            TransposedConvolutionNode convolution => Windowed(input, output, convolution.Window, convolution.Groups, transposed: true),
            _ => throw new ArgumentException($"'{node.Name}' has no weights.", nameof(node)),
        };
    }

    private static LayerShape Windowed(Shape input, Shape output, SlidingWindow window, int groups, bool transposed)
    {
        var flat = window.Rank == 1;
        return new()
        {
            Height = flat ? 1 : (int)input[0],
            Width = (int)input[flat ? 0 : 1],
            Channels = (int)input[input.Rank - 1],
            OutHeight = flat ? 1 : (int)output[0],
            OutWidth = (int)output[flat ? 0 : 1],
            Outputs = (int)output[output.Rank - 1],
            Groups = groups,
            Size = Both(window.Size, 1),
            Stride = Both(window.Stride, 1),
            Dilation = Both(window.Dilation, 1),
            Before = Both(window.Before, 0),
            After = Both(window.After, 0),
            Transposed = transposed,
        };
    }

    private static (int Vertical, int Horizontal) Both(EquatableList<long> numbers, int missing) =>
        numbers.Count == 1 ? (missing, (int)numbers[0]) : ((int)numbers[0], (int)numbers[1]);
}
