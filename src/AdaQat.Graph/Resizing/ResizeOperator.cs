namespace AdaQat.Graph;

/// <summary>
/// An image in another size. Inputs: x [N, C, …] of one to three axes, and then any whose sizes are needed.
/// </summary>
/// <remarks>
/// Along each axis y[o] = Σ_i weight(p(o), i) · x[i] with p(o) = (o + ½) · ratio − ½, or o · (I − 1)/(O − 1) where corners are aligned;
/// <see cref="ResizeMode"/> says the weights. The ratio is 1/scale where the operator is told scales, else I/O.
/// </remarks>
public sealed record ResizeOperator : SingleOutputOperator
{
    private ResizeOperator(ResizeMode mode, bool alignsCorners, EquatableList<SizeExpression> sizes, EquatableList<double> scales)
    {
        Mode = Require.Defined(mode, nameof(mode));
        AlignsCorners = alignsCorners && mode is ResizeMode.Nearest or ResizeMode.NearestExact
            ? throw new GraphException($"corners are aligned, which the mode {mode} doesn't know.")
            : alignsCorners;
        (Sizes, Scales) = (sizes, scales);
        if (sizes.Count + scales.Count is < 1 or > 3)
        {
            throw new GraphException($"it is told {sizes.Count + scales.Count} sizes or scales; allowed are 1 to 3, one for each axis.");
        }
    }

    /// <summary>How numbers between pixels are made.</summary>
    public ResizeMode Mode { get; }

    /// <summary>Whether the outermost pixels stay the outermost ones; else pixels are areas, and the image's edges stay.</summary>
    public bool AlignsCorners { get; }

    /// <summary>The output's size along each axis of the image; empty where scales say it.</summary>
    public EquatableList<SizeExpression> Sizes { get; }

    /// <summary>How many times as large the output is, rounded down to whole pixels; empty where sizes say it.</summary>
    public EquatableList<double> Scales { get; }

    /// <inheritdoc/>
    public override string Name => "resize";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
    [
        new("mode", Mode), new("align_corners", AlignsCorners, !AlignsCorners), new("sizes", Sizes, Sizes.Count == 0),
        new("scales", Scales, Scales.Count == 0),
    ];

    internal override OperatorInputs InputsAllowed => OperatorInputs.WithShapes;

    /// <summary>An image in a given size.</summary>
    /// <param name="mode">How numbers between pixels are made.</param>
    /// <param name="sizes">
    /// The output's size along each of one to three axes, 1 and more; <see cref="SizeExpression.Remaining"/> for the input's.
    /// </param>
    /// <param name="alignsCorners">Whether the outermost pixels stay the outermost ones; not with a nearest mode.</param>
    /// <returns>The operator.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed.</exception>
    public static ResizeOperator ToSize(ResizeMode mode, EquatableList<SizeExpression> sizes, bool alignsCorners = false)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return new(mode, alignsCorners, sizes, []);
    }

    /// <summary>An image so many times as large.</summary>
    /// <param name="mode">How numbers between pixels are made.</param>
    /// <param name="scales">A factor for each of one to three axes, finite and above 0.</param>
    /// <param name="alignsCorners">Whether the outermost pixels stay the outermost ones; not with a nearest mode.</param>
    /// <returns>The operator.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed.</exception>
    public static ResizeOperator ByScale(ResizeMode mode, EquatableList<double> scales, bool alignsCorners = false)
    {
        ArgumentNullException.ThrowIfNull(scales);
        foreach (var scale in scales)
        {
            Require.Positive(scale, nameof(scale));
        }

        return new(mode, alignsCorners, [], scales);
    }

    internal static ResizeOperator Read(AttributeReader attributes)
    {
        var (mode, alignsCorners) = (attributes.Choice<ResizeMode>("mode"), attributes.Flag("align_corners"));
        var (sizes, scales) = (attributes.Sizes("sizes"), attributes.Doubles("scales"));
        return scales.Count == 0 ? ToSize(mode, sizes, alignsCorners) : sizes.Count == 0 ? ByScale(mode, scales, alignsCorners)
            : throw new GraphException($"it is told both sizes {sizes} and scales {scales}; allowed is one of the two.");
    }

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        var axes = Sizes.Count + Scales.Count;
        WindowSize.CheckInput(input, axes);
        Shape shape =
        [
            input[0], input[1], .. Enumerable.Range(0, axes).Select(axis => Scales.Count > 0 ? Scaled(input[axis + 2], Scales[axis])
                : Sizes[axis].IsRemaining ? input[axis + 2] : Sizes[axis].Value(inputs)),
        ];
        return shape.Skip(2).Concat(input.Skip(2)).All(size => size > 0) ? shape : throw new GraphException(
            $"the input {input} becomes {shape}; allowed are sizes of 1 and more.");
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (x, y) = (ImageShape.Of(inputs[0].Shape), ImageShape.Of(shape));
        Span<PixelWeight> depths = stackalloc PixelWeight[4], rows = stackalloc PixelWeight[4], columns = stackalloc PixelWeight[4];
        var type = inputs[0].Type;
        for (var channel = 0; channel < y.Batch * y.Channels; channel++)
        {
            var plane = x.Plane(inputs[0].Values, 0, channel);
            var to = channel * y.PlaneSize;
            for (var z = 0; z < y.Depth; z++)
            {
                var atDepth = Weights(2, z, x.Depth, y.Depth, type, depths);
                for (var row = 0; row < y.Height; row++)
                {
                    var atRow = Weights(1, row, x.Height, y.Height, type, rows);
                    for (var column = 0; column < y.Width; column++)
                    {
                        output[to++] = Weighted(plane, x, atDepth, atRow, Weights(0, column, x.Width, y.Width, type, columns));
                    }
                }
            }
        }
    }

    /// <summary>Axis by axis, the first one first: weights of several axes are the products of those of each.</summary>
    private static double Weighted(
        ReadOnlySpan<double> plane, ImageShape x, ReadOnlySpan<PixelWeight> depths, ReadOnlySpan<PixelWeight> rows,
        ReadOnlySpan<PixelWeight> columns)
    {
        var sum = 0.0;
        foreach (var column in columns)
        {
            var ofColumn = 0.0;
            foreach (var row in rows)
            {
                var ofRow = 0.0;
                foreach (var depth in depths)
                {
                    ofRow += depth.Weight * plane[(((depth.Source * x.Height) + row.Source) * x.Width) + column.Source];
                }

                ofColumn += row.Weight * ofRow;
            }

            sum += column.Weight * ofColumn;
        }

        return sum;
    }

    private static long Scaled(long size, double scale) => (long)Math.Min(Math.Floor(size * scale), Array.MaxLength);

    private ReadOnlySpan<PixelWeight> Weights(
        int fromEnd, int place, int size, int places, ElementType type, Span<PixelWeight> weights)
    {
        var axis = Sizes.Count + Scales.Count - 1 - fromEnd;
        if (axis < 0)
        {
            weights[0] = new(0, 1);
            return weights[..1];
        }

        return weights[..ResizeWeights.Of(
            Mode, AlignsCorners, place, size, places, Scales.Count > 0 ? 1 / Scales[axis] : null, type, weights)];
    }
}
