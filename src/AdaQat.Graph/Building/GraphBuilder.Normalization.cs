namespace AdaQat.Graph;

/// <content>Normalisation, softmax and reductions.</content>
public sealed partial class GraphBuilder
{
    /// <summary>Batch normalisation as it is in inference.</summary>
    /// <param name="x">[N, C, …].</param>
    /// <param name="gamma">The scale, [C].</param>
    /// <param name="beta">The shift, [C].</param>
    /// <param name="mean">The running mean, [C].</param>
    /// <param name="variance">The running variance, [C].</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue BatchNorm(
        GraphValue x, GraphValue gamma, GraphValue beta, GraphValue mean, GraphValue variance, double epsilon = 1e-5,
        string? name = null) =>
        Made(() => new BatchNormOperator(epsilon), [x, gamma, beta, mean, variance], name, "batch_norm");

    /// <summary>Layer normalisation over the last axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="gamma">The scale, of the shape of those axes, or null for none.</param>
    /// <param name="beta">The shift, of the same shape, or null for none; only with a scale.</param>
    /// <param name="axisCount">How many of the last axes are normalised over.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue LayerNorm(
        GraphValue x, GraphValue? gamma = null, GraphValue? beta = null, int axisCount = 1, double epsilon = 1e-5, string? name = null) =>
        Made(() => new LayerNormOperator(axisCount, epsilon), Scaled(x, gamma, beta), name, "layer_norm");

    /// <summary>Group normalisation; instance normalisation has as many groups as channels.</summary>
    /// <param name="x">[N, C, …].</param>
    /// <param name="groups">Into how many groups channels are divided.</param>
    /// <param name="gamma">The scale, [C], or null for none.</param>
    /// <param name="beta">The shift, [C], or null for none; only with a scale.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue GroupNorm(
        GraphValue x, long groups, GraphValue? gamma = null, GraphValue? beta = null, double epsilon = 1e-5, string? name = null) =>
        Made(() => new GroupNormOperator(groups, epsilon), Scaled(x, gamma, beta), name, "group_norm");

    /// <summary>The softmax along an axis.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Softmax(GraphValue x, int axis, string? name = null) =>
        Made(() => new SoftmaxOperator(Axis(x, axis)), [x], name, "softmax");

    /// <summary>The logarithm of the softmax along an axis.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue LogSoftmax(GraphValue x, int axis, string? name = null) =>
        Made(() => new LogSoftmaxOperator(Axis(x, axis)), [x], name, "log_softmax");

    /// <summary>One number for all elements along some axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="reduction">Mean, sum, largest or smallest.</param>
    /// <param name="axes">Over which axes.</param>
    /// <param name="keepsAxes">Whether those axes stay, with the size 1.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Reduce(GraphValue x, Reduction reduction, EquatableList<long> axes, bool keepsAxes = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(axes);
        return Made(
            () => new ReduceOperator(reduction, [.. axes.Select(axis => axis < 0 ? axis + x.Shape.Rank : axis)], keepsAxes),
            [x], name, "reduce");
    }

    private static EquatableList<GraphValue> Scaled(GraphValue x, GraphValue? gamma, GraphValue? beta) =>
        gamma is null && beta is not null
            ? throw new ArgumentException("There is a shift without a scale; allowed is a scale without a shift.", nameof(beta))
            : gamma is null ? [x] : beta is null ? [x, gamma] : [x, gamma, beta];
}
