namespace AdaQat.Graph;

/// <summary>
/// A transposed convolution over one to three axes. Inputs: x [N, C, …], w [C, M / groups, …kernel], and b [M] if it has a bias.
/// </summary>
/// <remarks>
/// y is b; each x[n, c, i] · w[c, m, k] is added to y[n, m + first channel of c's group, i · stride − padding + k · dilation], if that
/// exists.
/// </remarks>
public sealed record TransposedConvolutionOperator : SingleOutputOperator
{
    /// <summary>A transposed convolution.</summary>
    /// <param name="stride">How far apart the places of neighbouring inputs are: one number for each axis, 1 and more.</param>
    /// <param name="padding">How much is cut off the output on both sides: as many numbers, 0 and more.</param>
    /// <param name="outputPadding">
    /// How much is added to the output behind: as many numbers, below the larger of stride and dilation.
    /// </param>
    /// <param name="dilation">How far apart a window's elements are: as many numbers, 1 and more.</param>
    /// <param name="groups">Into how many groups channels are divided, 1 and more; channels are a multiple of it.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public TransposedConvolutionOperator(
        EquatableList<long> stride, EquatableList<long> padding, EquatableList<long> outputPadding, EquatableList<long> dilation,
        long groups = 1)
    {
        Stride = Require.Spatial(stride, 1, "stride");
        Padding = Require.AsMany(Require.Spatial(padding, 0, "padding"), stride, "padding");
        OutputPadding = Require.AsMany(Require.Spatial(outputPadding, 0, "output padding"), stride, "output padding");
        Dilation = Require.AsMany(Require.Spatial(dilation, 1, "dilation"), stride, "dilation");
        Groups = Require.AtLeast(groups, 1, "number of groups");
        if (Enumerable.Range(0, stride.Count).Any(axis => outputPadding[axis] >= Math.Max(stride[axis], dilation[axis])))
        {
            throw new GraphException($"the output padding is {outputPadding}; allowed are numbers below the larger of "
                + $"stride {stride} and dilation {dilation}.");
        }
    }

    /// <summary>How far apart the places of neighbouring inputs are, axis by axis.</summary>
    public EquatableList<long> Stride { get; }

    /// <summary>How much is cut off the output on both sides, axis by axis.</summary>
    public EquatableList<long> Padding { get; }

    /// <summary>How much is added to the output behind, axis by axis.</summary>
    public EquatableList<long> OutputPadding { get; }

    /// <summary>How far apart a window's elements are, axis by axis.</summary>
    public EquatableList<long> Dilation { get; }

    /// <summary>Into how many groups channels are divided.</summary>
    public long Groups { get; }

    /// <summary><c>conv_transpose1d</c>, <c>conv_transpose2d</c> or <c>conv_transpose3d</c>.</summary>
    public override string Name => $"conv_transpose{Stride.Count}d";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
    [
        new("stride", Stride),
        new("padding", Padding, Padding.All(padding => padding == 0)),
        new("output_padding", OutputPadding, OutputPadding.All(padding => padding == 0)),
        new("dilation", Dilation, Dilation.All(dilation => dilation == 1)),
        new("groups", Groups, Groups == 1),
    ];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Weighted;

    internal static TransposedConvolutionOperator Read(AttributeReader attributes) => new(
        attributes.Longs("stride"), attributes.Longs("padding"), attributes.Longs("output_padding"), attributes.Longs("dilation"),
        attributes.Long("groups"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var (input, weight) = (inputs[0], inputs[1]);
        WindowSize.CheckInput(input, Stride.Count);
        Require.Rank(weight, input.Rank, input.Rank, "weight");
        if (input[1] != weight[0] || input[1] % Groups != 0)
        {
            throw new GraphException($"the input {input} has {input[1]} channels and the weight {weight} is for {weight[0]}; "
                + $"allowed are as many, a multiple of the {Groups} groups.");
        }

        if (inputs.Count == 3)
        {
            Require.ShapeIs(inputs[2], [weight[1] * Groups], "bias");
        }

        var sizes = Enumerable.Range(0, Stride.Count).Select(axis => Size(input[axis + 2], weight[axis + 2], axis));
        return [input[0], weight[1] * Groups, .. sizes];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (x, w, y) = (ImageShape.Of(inputs[0].Shape), ImageShape.Of(inputs[1].Shape), ImageShape.Of(shape));
        ReadOnlySpan<double> input = inputs[0].Values, weight = inputs[1].Values;
        for (var image = 0; image < y.Batch; image++)
        {
            for (var channel = 0; channel < y.Channels; channel++)
            {
                y.Plane(output, image, channel).Fill(inputs.Length == 3 ? inputs[2].Values[channel] : 0);
            }

            for (var channel = 0; channel < x.Channels; channel++)
            {
                var firstOutput = channel / (x.Channels / (int)Groups) * w.Channels;
                for (var inner = 0; inner < w.Channels; inner++)
                {
                    Spread(
                        x.Plane(input, image, channel), x, w.Plane(weight, channel, inner), w,
                        y.Plane(output, image, firstOutput + inner), y);
                }
            }
        }
    }

    private long Size(long input, long kernel, int axis)
    {
        var size = ((input - 1) * Stride[axis]) - (2 * Padding[axis]) + (Dilation[axis] * (kernel - 1)) + OutputPadding[axis] + 1;
        return size >= 0 ? size : throw new GraphException($"its padding {Padding} leaves nothing of the output along axis {axis + 2}.");
    }

    /// <summary>Adds one channel's part: the image, times each element of the kernel, to the part of the output that it meets.</summary>
    private void Spread(
        ReadOnlySpan<double> input, ImageShape x, ReadOnlySpan<double> kernel, ImageShape w, Span<double> output, ImageShape y)
    {
        var ((strideZ, strideY, strideX), (padZ, padY, padX)) = (
            ImageShape.ThreeOf(Stride.AsSpan(), 1), ImageShape.ThreeOf(Padding.AsSpan(), 0));
        var (dilationZ, dilationY, dilationX) = ImageShape.ThreeOf(Dilation.AsSpan(), 1);
        for (var place = 0; place < kernel.Length; place++)
        {
            var depth = new WindowSteps(strideZ, (place / (w.Height * w.Width) * dilationZ) - padZ);
            var height = new WindowSteps(strideY, (place / w.Width % w.Height * dilationY) - padY);
            var width = new WindowSteps(strideX, (place % w.Width * dilationX) - padX);
            var (firstZ, endZ) = depth.Within(x.Depth, y.Depth);
            var (firstY, endY) = height.Within(x.Height, y.Height);
            var (firstX, endX) = width.Within(x.Width, y.Width);
            for (var inZ = firstZ; inZ < endZ && firstX < endX; inZ++)
            {
                for (var inY = firstY; inY < endY; inY++)
                {
                    var from = (((inZ * x.Height) + inY) * x.Width) + firstX;
                    var to = (((depth.At(inZ) * y.Height) + height.At(inY)) * y.Width) + width.At(firstX);
                    Rows.AddScaled(output[to..], strideX, input[from..], 1, endX - firstX, kernel[place]);
                }
            }
        }
    }
}
