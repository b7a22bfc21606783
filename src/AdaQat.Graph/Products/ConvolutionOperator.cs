namespace AdaQat.Graph;

/// <summary>
/// A convolution over one to three axes. Inputs: x [N, C, …], w [M, C / groups, …kernel], and b [M] if it has a bias.
/// </summary>
/// <remarks>
/// y[n, m, o] = b[m] + Σ_c Σ_k w[m, c, k] · x[n, c + first channel of m's group, o · stride − padding + k · dilation]; x is 0 outside.
/// </remarks>
public sealed record ConvolutionOperator : SingleOutputOperator
{
    /// <summary>A convolution.</summary>
    /// <param name="stride">How far apart neighbouring windows are: one number for each axis, 1 and more.</param>
    /// <param name="padding">How many zeros are put on both sides: as many numbers, 0 and more.</param>
    /// <param name="dilation">How far apart a window's elements are: as many numbers, 1 and more.</param>
    /// <param name="groups">Into how many groups channels are divided, 1 and more; channels are a multiple of it.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public ConvolutionOperator(EquatableList<long> stride, EquatableList<long> padding, EquatableList<long> dilation, long groups = 1)
    {
        Stride = Require.Spatial(stride, 1, "stride");
        Padding = Require.AsMany(Require.Spatial(padding, 0, "padding"), stride, "padding");
        Dilation = Require.AsMany(Require.Spatial(dilation, 1, "dilation"), stride, "dilation");
        Groups = Require.AtLeast(groups, 1, "number of groups");
    }

    /// <summary>How far apart neighbouring windows are, axis by axis.</summary>
    public EquatableList<long> Stride { get; }

    /// <summary>How many zeros are put on both sides, axis by axis.</summary>
    public EquatableList<long> Padding { get; }

    /// <summary>How far apart a window's elements are, axis by axis.</summary>
    public EquatableList<long> Dilation { get; }

    /// <summary>Into how many groups channels are divided.</summary>
    public long Groups { get; }

    /// <summary><c>conv1d</c>, <c>conv2d</c> or <c>conv3d</c>.</summary>
    public override string Name => $"conv{Stride.Count}d";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
    [
        new("stride", Stride),
        new("padding", Padding, Padding.All(padding => padding == 0)),
        new("dilation", Dilation, Dilation.All(dilation => dilation == 1)),
        new("groups", Groups, Groups == 1),
    ];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Weighted;

    internal static ConvolutionOperator Read(AttributeReader attributes) =>
        new(attributes.Longs("stride"), attributes.Longs("padding"), attributes.Longs("dilation"), attributes.Long("groups"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var (input, weight) = (inputs[0], inputs[1]);
        WindowSize.CheckInput(input, Stride.Count);
        Require.Rank(weight, input.Rank, input.Rank, "weight");
        if (input[1] != weight[1] * Groups || weight[0] % Groups != 0)
        {
            throw new GraphException($"the input {input} has {input[1]} channels and the weight {weight} is for {weight[1]} in each of "
                + $"{Groups} groups; allowed are {weight[1] * Groups} channels, and a multiple of {Groups} out of it.");
        }

        if (inputs.Count == 3)
        {
            Require.ShapeIs(inputs[2], [weight[0]], "bias");
        }

        var places = Enumerable.Range(0, Stride.Count).Select(axis => WindowSize.Places(
            input[axis + 2], weight[axis + 2], Stride[axis], Padding[axis], Dilation[axis], roundsUp: false, "kernel"));
        return [input[0], weight[0], .. places];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (x, w, y) = (ImageShape.Of(inputs[0].Shape), ImageShape.Of(inputs[1].Shape), ImageShape.Of(shape));
        ReadOnlySpan<double> input = inputs[0].Values, weight = inputs[1].Values;
        for (var image = 0; image < y.Batch; image++)
        {
            for (var channel = 0; channel < y.Channels; channel++)
            {
                var plane = y.Plane(output, image, channel);
                plane.Fill(inputs.Length == 3 ? inputs[2].Values[channel] : 0);
                var firstInput = channel / (y.Channels / (int)Groups) * w.Channels;
                for (var inner = 0; inner < w.Channels; inner++)
                {
                    Correlate(
                        x.Plane(input, image, firstInput + inner), x, w.Plane(weight, channel, inner), w, plane, y);
                }
            }
        }
    }

    /// <summary>Adds one channel's part: each element of the kernel, times the part of the image that it meets.</summary>
    private void Correlate(
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
            var (firstZ, endZ) = depth.Within(y.Depth, x.Depth);
            var (firstY, endY) = height.Within(y.Height, x.Height);
            var (firstX, endX) = width.Within(y.Width, x.Width);
            for (var outZ = firstZ; outZ < endZ && firstX < endX; outZ++)
            {
                for (var outY = firstY; outY < endY; outY++)
                {
                    var from = (((depth.At(outZ) * x.Height) + height.At(outY)) * x.Width) + width.At(firstX);
                    var to = (((outZ * y.Height) + outY) * y.Width) + firstX;
                    Rows.AddScaled(output[to..], 1, input[from..], strideX, endX - firstX, kernel[place]);
                }
            }
        }
    }
}
