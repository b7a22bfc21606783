namespace AdaQat.Graph;

/// <summary>A function of each element; <see cref="UnaryFunction"/> has the formulas.</summary>
public sealed record UnaryOperator : PointwiseOperator
{
    /// <summary>A function of each element.</summary>
    /// <param name="function">Which.</param>
    /// <exception cref="GraphException">There is no such function.</exception>
    public UnaryOperator(UnaryFunction function) => Function = Require.Defined(function, nameof(function));

    /// <summary>Which function.</summary>
    public UnaryFunction Function { get; }

    /// <summary>The function's name, for example <c>reciprocal_sqrt</c>.</summary>
    public override string Name => SnakeCase.Of(Function);

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [];

    private protected override double Apply(double x) => Function switch
    {
        UnaryFunction.Abs => Math.Abs(x),
        UnaryFunction.Negate => -x,
        UnaryFunction.Exp => Math.Exp(x),
        UnaryFunction.Log => Math.Log(x),
        UnaryFunction.Sqrt => Math.Sqrt(x),
        UnaryFunction.ReciprocalSqrt => 1 / Math.Sqrt(x),
        UnaryFunction.Reciprocal => 1 / x,
        UnaryFunction.Square => x * x,
        UnaryFunction.Erf => ErrorFunction.Of(x),
        UnaryFunction.Sin => Math.Sin(x),
        UnaryFunction.Cos => Math.Cos(x),
        UnaryFunction.Floor => Math.Floor(x),
        UnaryFunction.Ceil => Math.Ceiling(x),
        UnaryFunction.Round => Math.Round(x, MidpointRounding.ToEven),
        _ => x > 0 ? 1 : x < 0 ? -1 : 0,
    };
}
