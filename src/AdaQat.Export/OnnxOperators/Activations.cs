using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Activation functions: ONNX's own where every version of the operators has it, else its formula.</summary>
internal static class Activations
{
    public static string Write(OperatorScope n, ActivationOperator activation)
    {
        var (x, alpha) = (n.Input(0), activation.Alpha ?? 0);
        return activation.Function switch
        {
            ActivationFunction.Sigmoid => n.Op("Sigmoid", [x]),
            ActivationFunction.LogSigmoid => n.Op("Neg", [n.Op("Softplus", [n.Op("Neg", [x])])]),
            ActivationFunction.Tanh => n.Op("Tanh", [x]),
            ActivationFunction.Gelu => Gelu(n, x),
            ActivationFunction.GeluTanh => GeluTanh(n, x),
            ActivationFunction.Silu => n.Op("Mul", [x, n.Op("Sigmoid", [x])]),
            ActivationFunction.Mish => n.Op("Mul", [x, n.Op("Tanh", [n.Op("Softplus", [x])])]),
            ActivationFunction.HardSigmoid => HardSigmoid(n, x),
            ActivationFunction.HardSwish => n.Op("Mul", [x, HardSigmoid(n, x)]),
            ActivationFunction.LeakyRelu => n.Op("LeakyRelu", [x], OnnxAttribute.Of("alpha", alpha)),
            ActivationFunction.Elu => n.Op("Elu", [x], OnnxAttribute.Of("alpha", alpha)),
            ActivationFunction.Celu => n.Op("Celu", [x], OnnxAttribute.Of("alpha", alpha)),
            ActivationFunction.Selu => n.Op("Selu", [x]),
            ActivationFunction.Softplus when alpha == 1 => n.Op("Softplus", [x]),
            ActivationFunction.Softplus => Softplus(n, x, n.Number("beta", alpha)),
            ActivationFunction.Softsign => n.Op("Softsign", [x]),
            _ => throw n.Refused($"nothing is known of the activation function {activation.Function} in ONNX."),
        };
    }

    private static string HardSigmoid(OperatorScope n, string x) =>
        n.Op("HardSigmoid", [x], OnnxAttribute.Of("alpha", 1 / 6.0), OnnxAttribute.Of("beta", 0.5));

    private static string Softplus(OperatorScope n, string x, string beta) =>
        n.Op("Div", [n.Op("Softplus", [n.Op("Mul", [x, beta])]), beta]);

    /// <summary>x/2 · (1 + erf(x/√2)).</summary>
    private static string Gelu(OperatorScope n, string x)
    {
        var error = n.Op("Erf", [n.Op("Div", [x, n.Number("root_of_two", Math.Sqrt(2))])]);
        return n.Op("Mul", [n.Op("Mul", [x, n.Op("Add", [error, n.Number("one", 1)])]), n.Number("half", 0.5)]);
    }

    /// <summary>x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))).</summary>
    private static string GeluTanh(OperatorScope n, string x)
    {
        var cube = n.Op("Mul", [n.Op("Mul", [n.Op("Mul", [x, x]), x]), n.Number("cubic", 0.044715)]);
        var tanh = n.Op("Tanh", [n.Op("Mul", [n.Op("Add", [x, cube]), n.Number("factor", Math.Sqrt(2 / Math.PI))])]);
        return n.Op("Mul", [n.Op("Mul", [x, n.Op("Add", [tanh, n.Number("one", 1)])]), n.Number("half", 0.5)]);
    }
}
