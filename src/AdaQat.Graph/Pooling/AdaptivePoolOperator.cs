namespace AdaQat.Graph;

/// <summary>
/// Pooling to an output of a given size, whatever the size of the image; 1 is global pooling. Input: x [N, C, …] of one to three axes.
/// </summary>
/// <remarks>
/// The window of the place o, of O along an axis with I elements, is from ⌊o · I / O⌋ up to, and without, ⌈(o + 1) · I / O⌉.
/// </remarks>
public sealed record AdaptivePoolOperator : SingleOutputOperator
{
    /// <summary>Adaptive pooling.</summary>
    /// <param name="reduction">Mean or largest.</param>
    /// <param name="sizes">
    /// The output's, one for each axis of the image, 1 and more; <see cref="SizeExpression.Remaining"/> for as many as the image has.
    /// </param>
    /// <exception cref="GraphException">An attribute is outside what is allowed.</exception>
    public AdaptivePoolOperator(Reduction reduction, EquatableList<SizeExpression> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Reduction = reduction is Reduction.Mean or Reduction.Max ? reduction : throw new GraphException(
            $"the reduction is {reduction}; allowed are Mean and Max.");
        Sizes = sizes.Count is >= 1 and <= 3 ? sizes : throw new GraphException(
            $"the sizes are {sizes}; allowed are 1 to 3, one for each axis of the image.");
    }

    /// <summary>Mean or largest.</summary>
    public Reduction Reduction { get; }

    /// <summary>The output's, one for each axis of the image.</summary>
    public EquatableList<SizeExpression> Sizes { get; }

    /// <summary>For example <c>adaptive_avg_pool2d</c>.</summary>
    public override string Name => $"adaptive_{(Reduction == Reduction.Mean ? "avg" : "max")}_pool{Sizes.Count}d";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("size", Sizes)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.WithShapes;

    internal static AdaptivePoolOperator Read(Reduction reduction, AttributeReader attributes) => new(reduction, attributes.Sizes("size"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        WindowSize.CheckInput(input, Sizes.Count);
        var places = Sizes.Select((size, axis) => size.IsRemaining ? input[axis + 2] : size.Value(inputs)).ToArray();
        return places.All(place => place > 0) && input.Skip(2).All(size => size > 0) ? [input[0], input[1], .. places]
            : throw new GraphException(
                $"its output has the sizes [{string.Join(',', places)}] and its input {input}; allowed are 1 and more.");
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (x, y) = (ImageShape.Of(inputs[0].Shape), ImageShape.Of(shape));
        for (var channel = 0; channel < y.Batch * y.Channels; channel++)
        {
            var plane = x.Plane(inputs[0].Values, 0, channel);
            var to = channel * y.PlaneSize;
            for (var z = 0; z < y.Depth; z++)
            {
                var depth = Window(x.Depth, y.Depth, z);
                for (var row = 0; row < y.Height; row++)
                {
                    var height = Window(x.Height, y.Height, row);
                    for (var column = 0; column < y.Width; column++)
                    {
                        var width = Window(x.Width, y.Width, column);
                        output[to++] = Reduction == Reduction.Max
                            ? WindowMaximum.Of(plane, x, depth, height, width)
                            : WindowSum.Of(plane, x, depth, height, width) / (depth.Size * height.Size * width.Size);
                    }
                }
            }
        }
    }

    private static PoolWindow Window(int size, int places, int place)
    {
        var (first, end) = ((long)place * size / places, (((place + 1L) * size) + places - 1) / places);
        return new((int)first, (int)end, 1, (int)(end - first));
    }
}
