using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A constant beside a value: one number, or one for each element along an axis of the graph's value.</summary>
internal sealed record KnownOperand(int Axis, IReadOnlyList<Rational> Numbers)
{
    /// <summary>The operand, or null where it has numbers along several axes, or makes the value larger.</summary>
    /// <param name="constant">The constant.</param>
    /// <param name="output">The shape of what an operator makes of it and the value.</param>
    /// <param name="value">The value.</param>
    public static KnownOperand? Of(GraphTensor constant, Shape output, RealValue value)
    {
        var (numbers, rank) = (constant.ToFloat64(), value.Order.Count + 1);
        if (!numbers.All(double.IsFinite) || output.Rank != rank || constant.Shape.Rank > rank
            || output.ElementCount != output[0] * value.Node.Shape.ElementCount)
        {
            return null;
        }

        if (numbers.Distinct().Count() == 1)
        {
            return new(0, [Rational.Of(numbers[0])]);
        }

        var lead = rank - constant.Shape.Rank;
        var axes = Enumerable.Range(0, constant.Shape.Rank).Where(axis => constant.Shape[axis] > 1).ToArray();
        return axes.Length == 1 && axes[0] + lead > 0 && output[axes[0] + lead] == constant.Shape[axes[0]]
            ? new(axes[0] + lead, [.. numbers.Select(Rational.Of)]) : null;
    }
}
