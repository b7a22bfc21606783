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

    /// <summary>How far apart a window's elements are along an axis.</summary>
    private protected virtual long StepOf(int axis) => 1;

    private protected sealed override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        WindowSize.CheckInput(input, Kernel.Count);
        var places = Enumerable.Range(0, Kernel.Count).Select(axis => WindowSize.Places(
            input[axis + 2], Kernel[axis], Stride[axis], Padding[axis], StepOf(axis), RoundsUp, "window"));
        return [input[0], input[1], .. places];
    }

    private protected sealed override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (x, y) = (ImageShape.Of(inputs[0].Shape), ImageShape.Of(shape));
        for (var channel = 0; channel < y.Batch * y.Channels; channel++)
        {
            var plane = x.Plane(inputs[0].Values, 0, channel);
            var to = channel * y.PlaneSize;
            for (var z = 0; z < y.Depth; z++)
            {
                var depth = Window(2, x.Depth, z);
                for (var row = 0; row < y.Height; row++)
                {
                    var height = Window(1, x.Height, row);
                    for (var column = 0; column < y.Width; column++)
                    {
                        output[to++] = Pool(plane, x, depth, height, Window(0, x.Width, column));
                    }
                }
            }
        }
    }

    /// <summary>The formula, for the elements of a window that are in the image.</summary>
    private protected abstract double Pool(ReadOnlySpan<double> plane, ImageShape x, PoolWindow depth, PoolWindow height, PoolWindow width);

    private PoolWindow Window(int fromEnd, int size, int place)
    {
        var axis = Kernel.Count - 1 - fromEnd;
        return axis < 0 ? new(0, 1, 1, 1)
            : PoolWindow.Of(place, size, (int)Kernel[axis], (int)Stride[axis], (int)Padding[axis], (int)StepOf(axis));
    }
}
