namespace AdaQat.Graph;

/// <summary>A tensor with more around it.</summary>
/// <remarks>y[i, …] = x[i − before, …] where that exists, else what the mode says.</remarks>
public sealed record PadOperator : SingleOutputOperator
{
    /// <summary>Padding.</summary>
    /// <param name="before">How many elements are put before each axis: one number for each axis of the input.</param>
    /// <param name="after">How many behind: as many numbers. With a constant, both may be negative, which cuts elements off.</param>
    /// <param name="mode">
    /// What is put there. A reflection takes fewer elements than the axis has, a circular one no more than it has.
    /// </param>
    /// <param name="value">The number of <see cref="PadMode.Constant"/>; 0 for all other modes.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public PadOperator(EquatableList<long> before, EquatableList<long> after, PadMode mode = PadMode.Constant, double value = 0)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        (Before, After) = (before, Require.AsMany(after, before, "padding behind"));
        (Mode, Value) = (Require.Defined(mode, nameof(mode)), value);
        if (mode != PadMode.Constant && (value != 0 || before.Concat(after).Any(count => count < 0)))
        {
            throw new GraphException(FormattableString.Invariant(
                $"the padding is {before} and {after}, its value {value}; allowed with the mode {mode} are 0 and more, and the value 0."));
        }
    }

    /// <summary>How many elements are put before each axis.</summary>
    public EquatableList<long> Before { get; }

    /// <summary>How many behind.</summary>
    public EquatableList<long> After { get; }

    /// <summary>What is put there.</summary>
    public PadMode Mode { get; }

    /// <summary>The number, if it is one.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override string Name => "pad";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
    [
        new("before", Before), new("after", After), new("mode", Mode, Mode == PadMode.Constant), new("value", Value, Value == 0),
    ];

    internal override OperatorInputs InputsAllowed => OperatorInputs.One;

    internal static PadOperator Read(AttributeReader attributes) => new(
        attributes.Longs("before"), attributes.Longs("after"), attributes.Choice<PadMode>("mode"), attributes.Double("value"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        Require.Rank(input, Before.Count, Before.Count, "input");
        for (var axis = 0; axis < input.Rank; axis++)
        {
            var most = Mode switch
            {
                PadMode.Reflect => Math.Max(0, input[axis] - 1),
                PadMode.Circular => input[axis],
                PadMode.Replicate when input[axis] == 0 => 0,
                _ => long.MaxValue,
            };
            if (Math.Max(Before[axis], After[axis]) > most || Before[axis] + After[axis] + input[axis] < 0)
            {
                throw new GraphException($"its padding along axis {axis} is {Before[axis]} and {After[axis]}; "
                    + $"the input {input} is too small for that, with the mode {Mode}.");
            }
        }

        return [.. input.Select((size, axis) => size + Before[axis] + After[axis])];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (input, values) = inputs[0];
        for (var i = 0; i < output.Length; i++)
        {
            int from = 0, rest = i;
            for (int axis = input.Rank - 1, stride = 1; axis >= 0; axis--)
            {
                var source = Source(axis, (int)input[axis], rest % (int)shape[axis]);
                from = source < 0 || from < 0 ? -1 : from + (source * stride);
                stride *= (int)input[axis];
                rest /= (int)shape[axis];
            }

            output[i] = from < 0 ? Value : values[from];
        }
    }

    /// <summary>For a place of the output along an axis that of the input, or −1 for the constant.</summary>
    private int Source(int axis, int size, int padded)
    {
        var place = padded - (int)Before[axis];
        return Mode switch
        {
            PadMode.Reflect => place < 0 ? -place : place >= size ? (2 * (size - 1)) - place : place,
            PadMode.Replicate => Math.Clamp(place, 0, size - 1),
            PadMode.Circular => (place + size) % size,
            _ => place >= 0 && place < size ? place : -1,
        };
    }
}
