namespace AdaQat.Graph;

/// <summary>Limits: ReLU6, hard tanh, a clipping value.</summary>
/// <remarks>y = min(max(x, minimum), maximum), where a limit that is not there does nothing.</remarks>
public sealed record ClampOperator : PointwiseOperator
{
    /// <summary>Limits of what is passed on.</summary>
    /// <param name="minimum">The lower one, finite, or null for none.</param>
    /// <param name="maximum">The upper one, finite and at least the minimum, or null for none.</param>
    /// <exception cref="GraphException">A limit is outside what is allowed.</exception>
    public ClampOperator(double? minimum, double? maximum)
    {
        (Minimum, Maximum) = (Finite(minimum, nameof(minimum)), Finite(maximum, nameof(maximum)));
        if (minimum > maximum)
        {
            throw new GraphException(FormattableString.Invariant($"the maximum is {maximum}; allowed are the minimum {minimum} and more."));
        }
    }

    /// <summary>The lower limit, if there is one.</summary>
    public double? Minimum { get; }

    /// <summary>The upper limit, if there is one.</summary>
    public double? Maximum { get; }

    /// <inheritdoc/>
    public override string Name => "clamp";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
        [new("min", Minimum, Minimum is null), new("max", Maximum, Maximum is null)];

    internal static ClampOperator Read(AttributeReader attributes) =>
        new(attributes.OptionalDouble("min"), attributes.OptionalDouble("max"));

    private protected override double Apply(double x) =>
        Math.Min(Math.Max(x, Minimum ?? double.NegativeInfinity), Maximum ?? double.PositiveInfinity);

    private static double? Finite(double? value, string name) => value is { } number ? Require.Finite(number, name) : null;
}
