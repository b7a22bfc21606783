using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>The axes in another order.</summary>
public sealed class PermuteNode : IntegerNode
{
    /// <summary>Another order.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Any value.</param>
    /// <param name="axes">For each axis of the result, which of the input's it is; batch not counted.</param>
    /// <exception cref="IntegerModelException">The axes are not each of the input's, once.</exception>
    public PermuteNode(string name, IntegerNode input, EquatableList<int> axes)
        : base(name, [input], ShapeOf(name, input, axes), input.Type)
    {
        Axes = axes;
    }

    /// <summary>For each axis of the result, which of the input's it is.</summary>
    public EquatableList<int> Axes { get; }

    /// <summary>For each axis of the result, how far apart its elements are in the input.</summary>
    internal long[] Strides()
    {
        var input = Inputs[0].Shape;
        var strides = new long[Axes.Count];
        for (var i = 0; i < strides.Length; i++)
        {
            strides[i] = 1;
            for (var axis = Axes[i] + 1; axis < input.Rank; axis++)
            {
                strides[i] *= input[axis];
            }
        }

        return strides;
    }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var (index, strides) = (new long[Shape.Rank], Strides());
        for (var i = 0L; i < Shape.ElementCount; i++)
        {
            long from = 0;
            for (var axis = 0; axis < strides.Length; axis++)
            {
                from += index[axis] * strides[axis];
            }

            output.Take(i, inputs[0], from);
            Broadcast.Advance(index, Shape);
        }
    }

    private static Shape ShapeOf(string name, IntegerNode input, EquatableList<int> axes)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(axes);
        return axes.Count == input.Shape.Rank && axes.Order().SequenceEqual(Enumerable.Range(0, input.Shape.Rank))
            ? new([.. axes.Select(axis => input.Shape[axis])])
            : throw Fault(name, $"its axes are {axes} and its input is {input.Shape}; allowed is each axis once.");
    }
}
