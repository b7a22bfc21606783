using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A function of what integers stand for, computed in 64-bit floats as the reference does it.</summary>
/// <param name="Function">An operator of one number, or of two that both follow from one integer, as in x · sigmoid(x).</param>
/// <param name="Inner">The number, or the first of them.</param>
/// <param name="Second">The second one, if there is one.</param>
internal sealed record Curve(GraphOperator Function, ChannelMap Inner, ChannelMap? Second = null)
{
    /// <summary>Where the function turns from falling to rising or back; null where that is not known, or it has gaps.</summary>
    public static IReadOnlyList<double>? Bends(PointwiseOperator function) => function switch
    {
        ActivationOperator { Function: ActivationFunction.Gelu } => [-0.7517915246935645],
        ActivationOperator { Function: ActivationFunction.GeluTanh } => [-0.7524614220710163],
        ActivationOperator { Function: ActivationFunction.Silu } => [-1.278464542761074],
        ActivationOperator { Function: ActivationFunction.Mish } => [-1.1924312145154952],
        ActivationOperator { Function: ActivationFunction.HardSwish } => [-1.5],
        ActivationOperator { Function: ActivationFunction.LeakyRelu or ActivationFunction.Elu, Alpha: < 0 } => [0],
        ActivationOperator => [],
        UnaryOperator { Function: UnaryFunction.Abs or UnaryFunction.Square } => [0],
        UnaryOperator
        {
            Function: UnaryFunction.Exp or UnaryFunction.Erf or UnaryFunction.Floor or UnaryFunction.Ceil or UnaryFunction.Round
                or UnaryFunction.Sign,
        } => [],
        _ => null,
    };

    /// <summary>The function, which has one operand.</summary>
    public PointwiseOperator OfOne() => (PointwiseOperator)Function;

    /// <summary>The function of many numbers.</summary>
    public static double[] Of(PointwiseOperator function, double[] numbers) => Evaluated(function, numbers);

    /// <summary>The number that an integer stands for; it may be infinite or none.</summary>
    public double At(Rational integer) => Second is null
        ? Evaluated(Function, [Inner.NumberOf(integer)])[0]
        : Evaluated(Function, [Inner.NumberOf(integer)], [Second.NumberOf(integer)])[0];

    private static double[] Evaluated(GraphOperator function, params double[][] inputs) =>
        function.Evaluate([.. inputs.Select(numbers => GraphTensor.Of(new Shape([numbers.Length]), numbers))])[0].AsFloat64().ToArray();
}
