namespace AdaQat.Graph;

/// <content>The same elements in another arrangement, and grids.</content>
public sealed partial class GraphBuilder
{
    /// <summary>The same elements along other axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="sizes">
    /// One for each axis of the output; one may be −1. <see cref="ReshapeSizes"/> reads them off a reshape that was seen.
    /// </param>
    /// <param name="like">Values whose sizes are needed, as the inputs 1, 2, … of the sizes.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Reshape(
        GraphValue x, EquatableList<SizeExpression> sizes, EquatableList<GraphValue>? like = null, string? name = null) =>
        Made(() => new ReshapeOperator(sizes), [x, .. like ?? []], name, "reshape");

    /// <summary>Neighbouring axes as one.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="from">The first of the axes.</param>
    /// <param name="to">The last of them.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Flatten(GraphValue x, int from = 1, int to = -1, string? name = null)
    {
        var (first, last) = (Axis(x, from), Axis(x, to));
        return Made(
            () => first >= 0 && first <= last && last < x.Shape.Rank
                ? new ReshapeOperator(
                [
                    .. Enumerable.Range(0, first).Select(axis => SizeExpression.Of(0, axis)),
                    SizeExpression.Product([.. Enumerable.Range(first, last - first + 1).Select(axis => new SizeReference(0, axis))]),
                    .. Enumerable.Range(last + 1, x.Shape.Rank - last - 1).Select(axis => SizeExpression.Of(0, axis)),
                ])
                : throw new GraphException($"axes {from} to {to} are flattened; the input {x.Shape} has {x.Shape.Rank} axes."),
            [x], name, "flatten");
    }

    /// <summary>Takes an axis of size 1 away.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">Which axis.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Squeeze(GraphValue x, int axis, string? name = null)
    {
        var gone = Axis(x, axis);
        return Made(
            () => x.Shape[Axes.Check(gone, x.Shape)] == 1
                ? new ReshapeOperator(
                    [.. Enumerable.Range(0, x.Shape.Rank).Where(kept => kept != gone).Select(kept => SizeExpression.Of(0, kept))])
                : throw new GraphException($"the input {x.Shape} has the size {x.Shape[gone]} along axis {gone}; allowed is 1."),
            [x], name, "squeeze");
    }

    /// <summary>Puts an axis of size 1 in.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">Which axis of the output that is; −1 is the last.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Unsqueeze(GraphValue x, int axis, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        var added = axis < 0 ? axis + x.Shape.Rank + 1 : axis;
        return Made(
            () => added >= 0 && added <= x.Shape.Rank
                ? new ReshapeOperator(
                [
                    .. Enumerable.Range(0, added).Select(kept => SizeExpression.Of(0, kept)), 1,
                    .. Enumerable.Range(added, x.Shape.Rank - added).Select(kept => SizeExpression.Of(0, kept)),
                ])
                : throw new GraphException($"an axis is put in at {axis}; allowed are 0 to {x.Shape.Rank}."),
            [x], name, "unsqueeze");
    }

    /// <summary>Repeats a tensor along axes where it has the size 1.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="sizes">One for each axis of the output; −1 for the input's.</param>
    /// <param name="like">Values whose sizes are needed, as the inputs 1, 2, … of the sizes.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Expand(
        GraphValue x, EquatableList<SizeExpression> sizes, EquatableList<GraphValue>? like = null, string? name = null) =>
        Made(() => new ExpandOperator(sizes), [x, .. like ?? []], name, "expand");

    /// <summary>The axes in another order.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="order">For each axis of the output the axis of the input.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Permute(GraphValue x, EquatableList<long> order, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(order);
        return Made(
            () => new PermuteOperator([.. order.Select(axis => axis < 0 ? axis + x.Shape.Rank : axis)]), [x], name, "permute");
    }

    /// <summary>Two axes in place of each other.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="first">One axis.</param>
    /// <param name="second">The other.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Transpose(GraphValue x, int first, int second, string? name = null)
    {
        var (one, other) = (Axis(x, first), Axis(x, second));
        return Made(
            () => new PermuteOperator([.. Enumerable.Range(0, x.Shape.Rank).Select(axis =>
                (long)(axis == Axes.Check(one, x.Shape) ? Axes.Check(other, x.Shape) : axis == other ? one : axis))]),
            [x], name, "permute");
    }

    /// <summary>Tensors one behind the other along an axis.</summary>
    /// <param name="parts">One tensor and more.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Concat(EquatableList<GraphValue> parts, int axis, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Made(() => new ConcatOperator(parts.Count == 0 ? axis : Axis(parts[0], axis)), parts, name, "concat");
    }

    /// <summary>Parts of a tensor along an axis.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="sizes">The parts' sizes, together the tensor's.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public IReadOnlyList<GraphValue> Split(GraphValue x, int axis, EquatableList<long> sizes, string? name = null) =>
        MadeAll(() => new SplitOperator(Axis(x, axis), sizes), [x], name, "split");

    /// <summary>Part of a tensor along an axis, as <c>x[start:end:step]</c>.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="start">The first element; a negative one counts from the end.</param>
    /// <param name="end">Behind the last element, counted alike; null for up to the end.</param>
    /// <param name="step">How far apart elements are.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Slice(GraphValue x, int axis, long start = 0, long? end = null, long step = 1, string? name = null) =>
        Made(() => new SliceOperator(Axis(x, axis), start, end, step), [x], name, "slice");

    /// <summary>One element along an axis, which goes away: a slice and a reshape, <c>name</c> being the reshape's.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="index">Which element; a negative one counts from the end.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Select(GraphValue x, int axis, long index, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        var at = Axis(x, axis);
        var size = at >= 0 && at < x.Shape.Rank ? x.Shape[at] : 0;
        if (index >= size || index < -size)
        {
            throw new GraphException(
                name ?? FreeName("select"), $"the element {index} along axis {axis} is selected; the input {x.Shape} has {size} there.");
        }

        return Squeeze(Slice(x, at, index, index == -1 ? null : index + 1), at, name);
    }

    /// <summary>A tensor with more around it.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="before">How many elements are put before each axis.</param>
    /// <param name="after">How many behind.</param>
    /// <param name="mode">What is put there.</param>
    /// <param name="value">The number of <see cref="PadMode.Constant"/>.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">An attribute is outside what is allowed, or the inputs don't fit.</exception>
    public GraphValue Pad(
        GraphValue x, EquatableList<long> before, EquatableList<long> after, PadMode mode = PadMode.Constant, double value = 0,
        string? name = null) =>
        Made(() => new PadOperator(before, after, mode, value), [x], name, "pad");

    /// <summary>Each number becomes the nearest value of a uniform grid.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="grid">Scales, offsets and codes.</param>
    /// <param name="name">The node's name; null for one made of module and operator.</param>
    /// <returns>The value.</returns>
    /// <exception cref="GraphException">The input doesn't fit.</exception>
    public GraphValue Quantize(GraphValue x, QuantizeOperator grid, string? name = null) => One(grid, [x], name);
}
