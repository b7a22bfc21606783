namespace AdaQat.Graph;

/// <content>Pooling and resizing.</content>
public sealed partial class GraphBuilder
{
    /// <summary>The largest number of each window.</summary>
    /// <param name="x">The images, [N, C, …].</param>
    /// <param name="kernel">How many elements a window has.</param>
    /// <param name="stride">How far apart neighbouring windows are; null for the kernel.</param>
    /// <param name="padding">By how much the images are widened on both sides; null for none.</param>
    /// <param name="dilation">How far apart a window's elements are; null for 1.</param>
    /// <param name="roundsUp">Whether a last window that reaches over the edge counts.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue MaxPool(
        GraphValue x, EquatableList<long> kernel, EquatableList<long>? stride = null, EquatableList<long>? padding = null,
        EquatableList<long>? dilation = null, bool roundsUp = false, string? name = null) => Made(
        () => new MaxPoolOperator(
            AllAxes(x, kernel, 1), AllAxes(x, stride ?? kernel, 1), AllAxes(x, padding, 0), AllAxes(x, dilation, 1), roundsUp),
        [x], name, "max_pool");

    /// <summary>The mean of each window.</summary>
    /// <param name="x">The images, [N, C, …].</param>
    /// <param name="kernel">How many elements a window has.</param>
    /// <param name="stride">How far apart neighbouring windows are; null for the kernel.</param>
    /// <param name="padding">By how many zeros the images are widened on both sides; null for none.</param>
    /// <param name="roundsUp">Whether a last window that reaches over the edge counts.</param>
    /// <param name="countsPadding">Whether zeros of the padding count as elements.</param>
    /// <param name="divisor">What sums are divided by in every case; null for the number of elements.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue AveragePool(
        GraphValue x, EquatableList<long> kernel, EquatableList<long>? stride = null, EquatableList<long>? padding = null,
        bool roundsUp = false, bool countsPadding = true, long? divisor = null, string? name = null) => Made(
        () => new AveragePoolOperator(
            AllAxes(x, kernel, 1), AllAxes(x, stride ?? kernel, 1), AllAxes(x, padding, 0), roundsUp, countsPadding, divisor),
        [x], name, "avg_pool");

    /// <summary>Pooling to an output of a given size; 1 is global pooling.</summary>
    /// <param name="x">The images, [N, C, …].</param>
    /// <param name="reduction">Mean or largest.</param>
    /// <param name="sizes">The output's, one for each axis of the images; −1 for the input's.</param>
    /// <param name="like">Values whose sizes are needed, as the inputs 1, 2, … of the sizes.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue AdaptivePool(
        GraphValue x, Reduction reduction, EquatableList<SizeExpression> sizes, EquatableList<GraphValue>? like = null,
        string? name = null) =>
        Made(() => new AdaptivePoolOperator(reduction, sizes), [x, .. like ?? []], name, "adaptive_pool");

    /// <summary>Images in a given size.</summary>
    /// <param name="x">The images, [N, C, …].</param>
    /// <param name="mode">How numbers between pixels are made.</param>
    /// <param name="sizes">The output's, one for each axis of the images; −1 for the input's.</param>
    /// <param name="alignsCorners">Whether the outermost pixels stay the outermost ones.</param>
    /// <param name="like">Values whose sizes are needed, as the inputs 1, 2, … of the sizes.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Resize(
        GraphValue x, ResizeMode mode, EquatableList<SizeExpression> sizes, bool alignsCorners = false,
        EquatableList<GraphValue>? like = null, string? name = null) =>
        Made(() => ResizeOperator.ToSize(mode, sizes, alignsCorners), [x, .. like ?? []], name, "resize");

    /// <summary>Images so many times as large.</summary>
    /// <param name="x">The images, [N, C, …].</param>
    /// <param name="mode">How numbers between pixels are made.</param>
    /// <param name="scales">A factor for each axis of the images, or one for all.</param>
    /// <param name="alignsCorners">Whether the outermost pixels stay the outermost ones.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue ResizeByScale(
        GraphValue x, ResizeMode mode, EquatableList<double> scales, bool alignsCorners = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(scales);
        EquatableList<double> each = scales.Count == 1 ? [.. Enumerable.Repeat(scales[0], Math.Max(1, x.Shape.Rank - 2))] : scales;
        return Made(() => ResizeOperator.ByScale(mode, each, alignsCorners), [x], name, "resize");
    }
}
