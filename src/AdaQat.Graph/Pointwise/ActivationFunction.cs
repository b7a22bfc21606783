namespace AdaQat.Graph;

/// <summary>Activation functions besides ReLU and clamping. α is the parameter of those that have one.</summary>
public enum ActivationFunction
{
    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,

    /// <summary>The logarithm of the sigmoid, −log(1 + e^−x).</summary>
    LogSigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x · Φ(x) = x/2 · (1 + erf(x/√2)).</summary>
    Gelu,

    /// <summary>GELU's approximation x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))).</summary>
    GeluTanh,

    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x · tanh(log(1 + e^x)).</summary>
    Mish,

    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    HardSigmoid,

    /// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
    HardSwish,

    /// <summary>x where x is above 0, else α·x; α is 0.01 by default.</summary>
    LeakyRelu,

    /// <summary>x where x is above 0, else α·(e^x − 1); α is 1 by default.</summary>
    Elu,

    /// <summary>x where x is above 0, else α·(e^(x/α) − 1); α is 1 by default and not 0.</summary>
    Celu,

    /// <summary>1.0507… · x where x is above 0, else 1.0507… · 1.6732… · (e^x − 1).</summary>
    Selu,

    /// <summary>log(1 + e^(α·x)) / α, and x where α·x is above 20; α, PyTorch's β, is 1 by default and above 0.</summary>
    Softplus,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,
}
