namespace AdaQat.Graph;

/// <summary>An activation function; <see cref="ActivationFunction"/> has the formulas.</summary>
public sealed record ActivationOperator : PointwiseOperator
{
    private const double SoftplusThreshold = 20;

    /// <summary>An activation function.</summary>
    /// <param name="function">Which.</param>
    /// <param name="alpha">
    /// Its parameter, finite: for leaky ReLU (0.01 by default), ELU, CELU and softplus (1 by default); null for all others.
    /// </param>
    /// <exception cref="GraphException">There is no such function, or the parameter is outside what is allowed.</exception>
    public ActivationOperator(ActivationFunction function, double? alpha = null)
    {
        Function = Require.Defined(function, nameof(function));
        Alpha = alpha ?? DefaultAlpha(function);
        if (Alpha is not { } given)
        {
            return;
        }

        _ = DefaultAlpha(function) ?? throw new GraphException(
            FormattableString.Invariant($"alpha is {alpha}; {function} has none, so that null is allowed."));
        _ = function switch
        {
            ActivationFunction.Softplus => Require.Positive(given, nameof(alpha)),
            ActivationFunction.Celu when given == 0 => throw new GraphException("alpha is 0; allowed are finite numbers except 0."),
            _ => Require.Finite(given, nameof(alpha)),
        };
    }

    /// <summary>Which function.</summary>
    public ActivationFunction Function { get; }

    /// <summary>Its parameter; null where it has none.</summary>
    public double? Alpha { get; }

    /// <summary>The function's name, for example <c>hard_swish</c>.</summary>
    public override string Name => SnakeCase.Of(Function);

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("alpha", Alpha, Alpha == DefaultAlpha(Function))];

    internal static ActivationOperator Read(ActivationFunction function, AttributeReader attributes) =>
        new(function, attributes.OptionalDouble("alpha"));

    private protected override double Apply(double x) => Function switch
    {
        ActivationFunction.Sigmoid => Sigmoid(x),
        ActivationFunction.LogSigmoid => Math.Min(x, 0) - Elementary.LogP1(Math.Exp(-Math.Abs(x))),
        ActivationFunction.Tanh => Math.Tanh(x),
        ActivationFunction.Gelu => 0.5 * x * (1 + ErrorFunction.Of(x / Math.Sqrt(2))),
        ActivationFunction.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        ActivationFunction.Silu => x * Sigmoid(x),
        ActivationFunction.Mish => x * Math.Tanh(Softplus(x, 1)),
        ActivationFunction.HardSigmoid => HardSix(x) / 6,
        ActivationFunction.HardSwish => x * HardSix(x) / 6,
        ActivationFunction.LeakyRelu => x > 0 ? x : Alpha!.Value * x,
        ActivationFunction.Elu => x > 0 ? x : Alpha!.Value * Elementary.ExpM1(x),
        ActivationFunction.Celu => x > 0 ? x : Alpha!.Value * Elementary.ExpM1(x / Alpha.Value),
        ActivationFunction.Selu => 1.0507009873554804934 * (x > 0 ? x : 1.6732632423543772848 * Elementary.ExpM1(x)),
        ActivationFunction.Softplus => Softplus(x, Alpha!.Value),
        _ => x / (1 + Math.Abs(x)),
    };

    private static double? DefaultAlpha(ActivationFunction function) => function switch
    {
        ActivationFunction.LeakyRelu => 0.01,
        ActivationFunction.Elu or ActivationFunction.Celu or ActivationFunction.Softplus => 1,
        _ => null,
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double HardSix(double x) => Math.Min(Math.Max(x + 3, 0), 6);

    private static double Softplus(double x, double beta) => beta * x > SoftplusThreshold ? x : Elementary.LogP1(Math.Exp(beta * x)) / beta;
}
