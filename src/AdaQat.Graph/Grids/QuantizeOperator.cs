namespace AdaQat.Graph;

/// <summary>
/// Fake quantization: each number becomes the nearest value of a uniform grid. The grid's scale and offset are those of the whole tensor,
/// of each channel along an axis, or of each group of neighbouring elements.
/// </summary>
/// <remarks>
/// code = min(max(round(x / scale − offset), lowest), highest), of two nearest the even one; y = scale · (code + offset), rounded once to
/// the type of the run. A scale of 0 gives 0.
/// </remarks>
public sealed record QuantizeOperator : SingleOutputOperator
{
    /// <summary>A grid for the whole tensor.</summary>
    /// <param name="scale">The distance of neighbouring values, finite, 0 and more.</param>
    /// <param name="offset">A multiple of ½.</param>
    /// <param name="lowestCode">The smallest code.</param>
    /// <param name="highestCode">The largest code, at least the smallest.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public QuantizeOperator(double scale, double offset, long lowestCode, long highestCode)
        : this([scale], [offset], lowestCode, highestCode, axis: null)
    {
    }

    /// <summary>A grid of any granularity.</summary>
    /// <param name="scales">
    /// The distances of neighbouring values, finite, 0 and more: one, or one for each channel or group, in order.
    /// </param>
    /// <param name="offsets">As many multiples of ½.</param>
    /// <param name="lowestCode">The smallest code.</param>
    /// <param name="highestCode">The largest code, at least the smallest.</param>
    /// <param name="axis">The axis that counts the channels; null for one grid for the whole tensor.</param>
    /// <param name="groupSize">
    /// How many neighbouring elements of a channel share a scale, 1 and more, a divisor of a channel's elements, with the axis 0; null for
    /// all of a channel.
    /// </param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public QuantizeOperator(
        EquatableList<double> scales, EquatableList<double> offsets, long lowestCode, long highestCode, int? axis, long? groupSize = null)
    {
        ArgumentNullException.ThrowIfNull(scales);
        ArgumentNullException.ThrowIfNull(offsets);
        if (scales.Count == 0 || scales.Count != offsets.Count || (axis is null && scales.Count != 1))
        {
            throw new GraphException($"there are {scales.Count} scales and {offsets.Count} offsets; "
                + "allowed are as many of each, and one of each for the whole tensor.");
        }

        foreach (var (scale, offset) in scales.Zip(offsets))
        {
            Require.NotNegative(scale, nameof(scale));
            _ = double.IsInteger(2 * offset) ? offset : throw new GraphException(
                FormattableString.Invariant($"an offset is {offset}; allowed are multiples of ½."));
        }

        (Scales, Offsets, Axis) = (scales, offsets, axis is { } channels ? (int)Require.AtLeast(channels, 0, nameof(axis)) : null);
        (LowestCode, HighestCode) = (lowestCode, Require.AtLeast(highestCode, lowestCode, "highest code"));
        GroupSize = groupSize is not { } size ? null : axis == 0 ? Require.AtLeast(size, 1, "size of a group") : throw new GraphException(
            $"the size of a group is {size} and the axis {axis?.ToString() ?? "none"}; allowed are groups with the axis 0.");
    }

    /// <summary>The distances of neighbouring values: one, or one for each channel or group.</summary>
    public EquatableList<double> Scales { get; }

    /// <summary>What is added to a code before it is scaled: as many, each a multiple of ½.</summary>
    public EquatableList<double> Offsets { get; }

    /// <summary>The smallest code.</summary>
    public long LowestCode { get; }

    /// <summary>The largest code.</summary>
    public long HighestCode { get; }

    /// <summary>The axis that counts the channels; null for one grid for the whole tensor.</summary>
    public int? Axis { get; }

    /// <summary>How many neighbouring elements of a channel share a scale; null for all of a channel.</summary>
    public long? GroupSize { get; }

    /// <summary>How many bits a code needs: 1 and more, for as many codes as are allowed.</summary>
    public int Bits
    {
        get
        {
            var bits = 1;
            for (var most = (UInt128)(HighestCode - (Int128)LowestCode); most > 1; most >>= 1)
            {
                bits++;
            }

            return bits;
        }
    }

    /// <inheritdoc/>
    public override string Name => "quantize";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
    [
        new("scale", Scales),
        new("offset", Offsets, Offsets.All(offset => offset == 0)),
        new("lowest", LowestCode),
        new("highest", HighestCode),
        new("axis", (long?)Axis, Axis is null),
        new("group_size", GroupSize, GroupSize is null),
    ];

    internal override OperatorInputs InputsAllowed => OperatorInputs.One;

    internal static QuantizeOperator Read(AttributeReader attributes) => new(
        attributes.Doubles("scale"), attributes.Doubles("offset"), attributes.Long("lowest"), attributes.Long("highest"),
        attributes.OptionalInt("axis"), attributes.OptionalLong("group_size"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        if (Axis is { } axis)
        {
            Axes.Check(axis, input);
            var channel = axis == 0 && input[0] > 0 ? input.ElementCount / input[0] : 0;
            var scales = GroupSize is not { } size ? input[axis]
                : channel % size == 0 ? input.ElementCount / size
                : throw new GraphException(
                    $"a channel of the input {input} has {channel} elements, no multiple of the {size} of a group.");
            _ = scales == Scales.Count ? scales : throw new GraphException(
                $"it has {Scales.Count} scales; the input {input} needs {scales} along axis {axis}.");
        }

        return input;
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> x = inputs[0].Values;
        // How many neighbouring elements have one scale, after which the next follows.
        var run = GroupSize is { } size ? (int)size : Axis is { } axis ? AxisSpan.Of(shape, axis).Inner : Math.Max(1, output.Length);
        for (var i = 0; i < output.Length; i++)
        {
            var (scale, offset) = (Scales[i / run % Scales.Count], Offsets[i / run % Scales.Count]);
            var code = Math.Min(Math.Max(Math.Round((x[i] / scale) - offset, MidpointRounding.ToEven), LowestCode), HighestCode);
            output[i] = scale == 0 ? 0 : scale * (code + offset);
        }
    }
}
