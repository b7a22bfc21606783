using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// The same numbers, in the same order of memory, with another shape. Since channels are last, what PyTorch's <c>flatten</c> makes of an
/// image of more than one pixel is a <see cref="PermuteNode"/> and this, or this with permuted weights behind it.
/// </summary>
public sealed class ReshapeNode : IntegerNode
{
    /// <summary>Another shape.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Any value.</param>
    /// <param name="shape">As many elements.</param>
    /// <exception cref="IntegerModelException">The shapes have not as many elements.</exception>
    public ReshapeNode(string name, IntegerNode input, Shape shape)
        : base(name, [input ?? throw new ArgumentNullException(nameof(input))], shape ?? throw new ArgumentNullException(nameof(shape)),
            input.Type)
    {
        if (shape.ElementCount != input.Shape.ElementCount)
        {
            throw Fault($"its input is {input.Shape} and its value would be {shape}; allowed are as many elements.");
        }
    }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        for (var i = 0L; i < Shape.ElementCount; i++)
        {
            output.Take(i, inputs[0], i);
        }
    }
}
