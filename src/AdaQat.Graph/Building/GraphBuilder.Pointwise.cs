namespace AdaQat.Graph;

/// <content>Functions of single elements, and arithmetic.</content>
public sealed partial class GraphBuilder
{
    /// <summary>The rectifier, max(x, 0).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The value is of another graph, or a node has that name.</exception>
    public GraphValue Relu(GraphValue x, string? name = null) => One(new ReluOperator(), [x], name);

    /// <summary>Limits: ReLU6, hard tanh, a clipping value.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="minimum">The lower limit, or null for none.</param>
    /// <param name="maximum">The upper limit, or null for none.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Clamp(GraphValue x, double? minimum, double? maximum, string? name = null) =>
        Made(() => new ClampOperator(minimum, maximum), [x], name, "clamp");

    /// <summary>An activation function.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="function">Which.</param>
    /// <param name="alpha">Its parameter; null for the default, and for functions that have none.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Activation(GraphValue x, ActivationFunction function, double? alpha = null, string? name = null) =>
        Made(() => new ActivationOperator(function, alpha), [x], name, "activation");

    /// <summary>A leaky rectifier with learned slopes.</summary>
    /// <param name="x">[N, C, …].</param>
    /// <param name="slopes">[C] or [1].</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The inputs don't fit.</exception>
    public GraphValue PRelu(GraphValue x, GraphValue slopes, string? name = null) => One(new PReluOperator(), [x, slopes], name);

    /// <summary>A function of each element.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="function">Which.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Unary(GraphValue x, UnaryFunction function, string? name = null) =>
        Made(() => new UnaryOperator(function), [x], name, "unary");

    /// <summary>a + b, element by element.</summary>
    /// <param name="a">One tensor.</param>
    /// <param name="b">The other; shapes are broadcast. <see cref="Number"/> makes one of a number.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The shapes can't be broadcast.</exception>
    public GraphValue Add(GraphValue a, GraphValue b, string? name = null) => One(new AddOperator(), [a, b], name);

    /// <summary>a − b, element by element.</summary>
    /// <param name="a">One tensor.</param>
    /// <param name="b">The other; shapes are broadcast. <see cref="Number"/> makes one of a number.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The shapes can't be broadcast.</exception>
    public GraphValue Subtract(GraphValue a, GraphValue b, string? name = null) => One(new SubtractOperator(), [a, b], name);

    /// <summary>a · b, element by element.</summary>
    /// <param name="a">One tensor.</param>
    /// <param name="b">The other; shapes are broadcast. <see cref="Number"/> makes one of a number.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The shapes can't be broadcast.</exception>
    public GraphValue Multiply(GraphValue a, GraphValue b, string? name = null) => One(new MultiplyOperator(), [a, b], name);

    /// <summary>a / b, element by element.</summary>
    /// <param name="a">One tensor.</param>
    /// <param name="b">The other; shapes are broadcast. <see cref="Number"/> makes one of a number.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The shapes can't be broadcast.</exception>
    public GraphValue Divide(GraphValue a, GraphValue b, string? name = null) => One(new DivideOperator(), [a, b], name);

    /// <summary>a to the power of b, element by element.</summary>
    /// <param name="a">One tensor.</param>
    /// <param name="b">The other; shapes are broadcast. <see cref="Number"/> makes one of a number.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The shapes can't be broadcast.</exception>
    public GraphValue Power(GraphValue a, GraphValue b, string? name = null) => One(new PowerOperator(), [a, b], name);

    /// <summary>The larger of a and b, element by element.</summary>
    /// <param name="a">One tensor.</param>
    /// <param name="b">The other; shapes are broadcast. <see cref="Number"/> makes one of a number.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The shapes can't be broadcast.</exception>
    public GraphValue Maximum(GraphValue a, GraphValue b, string? name = null) => One(new MaximumOperator(), [a, b], name);

    /// <summary>The smaller of a and b, element by element.</summary>
    /// <param name="a">One tensor.</param>
    /// <param name="b">The other; shapes are broadcast. <see cref="Number"/> makes one of a number.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The shapes can't be broadcast.</exception>
    public GraphValue Minimum(GraphValue a, GraphValue b, string? name = null) => One(new MinimumOperator(), [a, b], name);
}
