using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Each element several times along the axes before the channels: nearest-neighbour resizing by whole factors.</summary>
public sealed class UpsampleNode : IntegerNode
{
    /// <summary>A resizing.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Any value [length, channels] or [height, width, channels].</param>
    /// <param name="factors">How many times, for each axis before the channels; 1 and more.</param>
    /// <exception cref="IntegerModelException">There are too few or too many factors, or one is below 1.</exception>
    public UpsampleNode(string name, IntegerNode input, EquatableList<long> factors)
        : base(name, [input], ShapeOf(name, input, factors), input.Type)
    {
        Factors = factors;
    }

    /// <summary>How many times, for each axis before the channels.</summary>
    public EquatableList<long> Factors { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var index = new long[Shape.Rank];
        for (var i = 0L; i < Shape.ElementCount; i++)
        {
            long from = 0;
            for (var axis = 0; axis < Shape.Rank; axis++)
            {
                from = (from * inputs[0].Shape[axis]) + (axis < Factors.Count ? index[axis] / Factors[axis] : index[axis]);
            }

            output.Take(i, inputs[0], from);
            Broadcast.Advance(index, Shape);
        }
    }

    private static Shape ShapeOf(string name, IntegerNode input, EquatableList<long> factors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(factors);
        if (input.Shape.Rank is not (2 or 3) || factors.Count != input.Shape.Rank - 1 || factors.Any(factor => factor is < 1 or > 1 << 20))
        {
            throw Fault(name, $"its input is {input.Shape} and its factors are {factors}; allowed is a factor for each axis before the "
                + $"channels, 1 to {1 << 20}.");
        }

        var sizes = input.Shape.AsSpan().ToArray();
        for (var axis = 0; axis < factors.Count; axis++)
        {
            sizes[axis] *= factors[axis];
        }

        return LayerSizes.ShapeOf(name, sizes);
    }
}
