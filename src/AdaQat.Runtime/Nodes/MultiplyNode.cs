using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Products of two values, y = a · b, where a and b are the integers of codes, or integers; operands are broadcast. What scales channels in
/// squeeze-and-excitation.
/// </summary>
public sealed class MultiplyNode : IntegerNode
{
    /// <summary>A product.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="left">Codes or integers.</param>
    /// <param name="right">Codes or integers, of a shape that fits.</param>
    /// <exception cref="IntegerModelException">Shapes don't fit each other, or products could need more than 32 bits.</exception>
    public MultiplyNode(string name, IntegerNode left, IntegerNode right)
        : base(name, [left, right], Broadcast.ShapeOf(name, [left, right]), RangeOf(name, left, right))
    {
    }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var (left, right) = (Broadcast.Map(inputs[0].Shape, Shape), Broadcast.Map(inputs[1].Shape, Shape));
        for (var i = 0; i < output.Stored.Length; i++)
        {
            output.Stored[i] = inputs[0].Integer(left[i]) * inputs[1].Integer(right[i]);
        }
    }

    private static Integers RangeOf(string name, IntegerNode left, IntegerNode right)
    {
        var (a, b) = (Whole(name, left).Type, Whole(name, right).Type);
        Span<long> corners =
        [
            a.MinInteger * b.MinInteger, a.MinInteger * b.MaxInteger, a.MaxInteger * b.MinInteger, a.MaxInteger * b.MaxInteger,
        ];
        corners.Sort();
        return Range(name, corners[0], corners[3]);
    }
}
