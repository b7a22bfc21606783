using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>What is computed element by element, activation functions aside.</summary>
internal static class Pointwise
{
    public static string Clamp(OperatorScope n, ClampOperator clamp)
    {
        // A limit that is not there is an input without a name.
        var minimum = clamp.Minimum is { } low ? n.Number("min", low) : "";
        return n.Op("Clip", clamp.Maximum is { } high ? [n.Input(0), minimum, n.Number("max", high)] : [n.Input(0), minimum]);
    }

    public static string Elementwise(OperatorScope n, ElementwiseOperator elementwise) => n.Op(elementwise switch
    {
        AddOperator => "Add",
        SubtractOperator => "Sub",
        MultiplyOperator => "Mul",
        DivideOperator => "Div",
        PowerOperator => "Pow",
        MaximumOperator => "Max",
        MinimumOperator => "Min",
        _ => throw n.Refused($"nothing is known of the operator {elementwise.Name} in ONNX."),
    }, [n.Input(0), n.Input(1)]);

    public static string Unary(OperatorScope n, UnaryFunction function)
    {
        var x = n.Input(0);
        return function switch
        {
            UnaryFunction.Abs => n.Op("Abs", [x]),
            UnaryFunction.Negate => n.Op("Neg", [x]),
            UnaryFunction.Exp => n.Op("Exp", [x]),
            UnaryFunction.Log => n.Op("Log", [x]),
            UnaryFunction.Sqrt => n.Op("Sqrt", [x]),
            UnaryFunction.ReciprocalSqrt => n.Op("Reciprocal", [n.Op("Sqrt", [x])]),
            UnaryFunction.Reciprocal => n.Op("Reciprocal", [x]),
            UnaryFunction.Square => n.Op("Mul", [x, x]),
            UnaryFunction.Erf => n.Op("Erf", [x]),
            UnaryFunction.Sin => n.Op("Sin", [x]),
            UnaryFunction.Cos => n.Op("Cos", [x]),
            UnaryFunction.Floor => n.Op("Floor", [x]),
            UnaryFunction.Ceil => n.Op("Ceil", [x]),
            UnaryFunction.Round => n.Op("Round", [x]),
            UnaryFunction.Sign => n.Op("Sign", [x]),
            _ => throw n.Refused($"nothing is known of the function {function} in ONNX."),
        };
    }

    public static string PRelu(OperatorScope n) => n.Op("PRelu", [n.Input(0), OfChannels(n, 1)]);

    /// <summary>An input with a number for each channel, with axes behind it so that it meets the channels of the first input.</summary>
    public static string OfChannels(OperatorScope n, int input)
    {
        var behind = n.In(0).Rank - 2;
        return behind <= 0 || n.In(input).ElementCount == 1
            ? n.Input(input)
            : n.Op("Reshape", [n.Input(input), n.Longs("channels", [-1, .. Enumerable.Repeat(1L, behind)])]);
    }
}
