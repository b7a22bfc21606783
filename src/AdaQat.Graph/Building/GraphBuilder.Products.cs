namespace AdaQat.Graph;

/// <content>Convolutions, linear layers and products of matrices.</content>
public sealed partial class GraphBuilder
{
    /// <summary>A convolution over one to three axes, as many as the images have.</summary>
    /// <param name="x">The images, [N, C, …].</param>
    /// <param name="weight">[M, C / groups, …kernel].</param>
    /// <param name="bias">[M], or null for none.</param>
    /// <param name="stride">How far apart neighbouring windows are; null for 1.</param>
    /// <param name="padding">How many zeros are put on both sides; null for none.</param>
    /// <param name="dilation">How far apart a window's elements are; null for 1.</param>
    /// <param name="groups">Into how many groups channels are divided.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Convolution(
        GraphValue x, GraphValue weight, GraphValue? bias = null, EquatableList<long>? stride = null, EquatableList<long>? padding = null,
        EquatableList<long>? dilation = null, long groups = 1, string? name = null) => Made(
        () => new ConvolutionOperator(AllAxes(x, stride, 1), AllAxes(x, padding, 0), AllAxes(x, dilation, 1), groups),
        bias is null ? [x, weight] : [x, weight, bias], name, "conv");

    /// <summary>A transposed convolution over one to three axes, as many as the images have.</summary>
    /// <param name="x">The images, [N, C, …].</param>
    /// <param name="weight">[C, M / groups, …kernel].</param>
    /// <param name="bias">[M], or null for none.</param>
    /// <param name="stride">How far apart the places of neighbouring inputs are; null for 1.</param>
    /// <param name="padding">How much is cut off the output on both sides; null for none.</param>
    /// <param name="outputPadding">How much is added to the output behind; null for none.</param>
    /// <param name="dilation">How far apart a window's elements are; null for 1.</param>
    /// <param name="groups">Into how many groups channels are divided.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue TransposedConvolution(
        GraphValue x, GraphValue weight, GraphValue? bias = null, EquatableList<long>? stride = null, EquatableList<long>? padding = null,
        EquatableList<long>? outputPadding = null, EquatableList<long>? dilation = null, long groups = 1, string? name = null) => Made(
        () => new TransposedConvolutionOperator(
            AllAxes(x, stride, 1), AllAxes(x, padding, 0), AllAxes(x, outputPadding, 0), AllAxes(x, dilation, 1), groups),
        bias is null ? [x, weight] : [x, weight, bias], name, "conv_transpose");

    /// <summary>A linear layer.</summary>
    /// <param name="x">[…, K].</param>
    /// <param name="weight">[M, K].</param>
    /// <param name="bias">[M], or null for none.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The inputs don't fit.</exception>
    public GraphValue Linear(GraphValue x, GraphValue weight, GraphValue? bias = null, string? name = null) =>
        One(new LinearOperator(), bias is null ? [x, weight] : [x, weight, bias], name);

    /// <summary>Rows of a table.</summary>
    /// <param name="x">Whole numbers from 0 to K − 1, of any shape.</param>
    /// <param name="weight">[K, C].</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The inputs don't fit.</exception>
    public GraphValue Embedding(GraphValue x, GraphValue weight, string? name = null) => One(new EmbeddingOperator(), [x, weight], name);

    /// <summary>Products of matrices.</summary>
    /// <param name="a">[…, M, K].</param>
    /// <param name="b">[…, K, N]; leading axes are broadcast.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The inputs don't fit.</exception>
    public GraphValue MatMul(GraphValue a, GraphValue b, string? name = null) => One(new MatMulOperator(), [a, b], name);
}
