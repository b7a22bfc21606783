namespace AdaQat.Graph;

/// <summary>An operator that makes one number of each window of an image of one to three axes, channel by channel.</summary>
public abstract record PoolOperator : SingleOutputOperator
{
    private protected PoolOperator(EquatableList<long> kernel, EquatableList<long> stride, EquatableList<long> padding, bool roundsUp)
    {
        Kernel = Require.Spatial(kernel, 1, "kernel");
        Stride = Require.AsMany(Require.Spatial(stride, 1, "stride"), kernel, "stride");
        Padding = Require.AsMany(Require.Spatial(padding, 0, "padding"), kernel, "padding");
        RoundsUp = roundsUp;
        if (kernel.Zip(padding).Any(axis => axis.Second > axis.First / 2))
        {
            throw new GraphException($"the padding is {padding}; allowed is at most half of the kernel {kernel}.");
        }
    }

    /// <summary>How many elements a window has, axis by axis.</summary>
    public EquatableList<long> Kernel { get; }

    /// <summary>How far apart neighbouring windows are, axis by axis.</summary>
    public EquatableList<long> Stride { get; }

    /// <summary>By how much the image is widened on both sides, axis by axis: up to half of the kernel.</summary>
    public EquatableList<long> Padding { get; }

    /// <summary>Whether a last window that reaches over the edge counts, PyTorch's <c>ceil_mode</c>.</summary>
    public bool RoundsUp { get; }

    internal sealed override OperatorInputs InputsAllowed => OperatorInputs.One;

    /// <summary>How far apart a window's elements are, axis by axis.</summary>
    private protected virtual EquatableList<long> Steps => EquatableList.From(Kernel.Select(_ => 1L));

    private protected sealed override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        WindowSize.CheckInput(input, Kernel.Count);
        var places = Enumerable.Range(0, Kernel.Count).Select(axis => WindowSize.Places(
            input[axis + 2], Kernel[axis], Stride[axis], Padding[axis], Steps[axis], RoundsUp, "window"));
        return [input[0], input[1], .. places];
    }

    private protected sealed override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (x, y) = (ImageShape.Of(inputs[0].Shape), ImageShape.Of(shape));
        var (depths, heights, widths) = (Windows(2, x.Depth, y.Depth), Windows(1, x.Height, y.Height), Windows(0, x.Width, y.Width));
        for (var channel = 0; channel < y.Batch * y.Channels; channel++)
        {
            var plane = x.Plane(inputs[0].Values, 0, channel);
            var to = channel * y.PlaneSize;
            foreach (var depth in depths)
            {
                foreach (var height in heights)
                {
                    foreach (var width in widths)
                    {
                        output[to++] = Pool(plane, x, depth, height, width);
                    }
                }
            }
        }
    }

    /// <summary>The formula, for the elements of a window that are in the image.</summary>
    private protected abstract double Pool(ReadOnlySpan<double> plane, ImageShape x, PoolWindow depth, PoolWindow height, PoolWindow width);

    private PoolWindow[] Windows(int fromEnd, int size, int places)
    {
        var axis = Kernel.Count - 1 - fromEnd;
        return axis < 0 ? [new(0, 1, 1, 1)] : [.. Enumerable.Range(0, places).Select(place => PoolWindow.Of(
            place, size, (int)Kernel[axis], (int)Stride[axis], (int)Padding[axis], (int)Steps[axis]))];
    }
}
