using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A weighted sum of two or more values: y = offset + Σ multiplier[i] · x[i], where x are the integers of codes, or integers. Operands are
/// broadcast: where one has the size 1 along an axis, or lacks outer axes, its element counts for all.
/// </summary>
/// <remarks>
/// Codes of one step are added with multipliers of 1; a <see cref="RequantizeNode"/> or a <see cref="RescaleNode"/> follows.
/// </remarks>
public sealed class AddNode : IntegerNode
{
    /// <summary>A weighted sum.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="inputs">Two or more values that hold codes or integers.</param>
    /// <param name="multipliers">One for each.</param>
    /// <param name="offset">What is added.</param>
    /// <exception cref="IntegerModelException">Shapes don't fit each other, or sums could need more than 32 bits.</exception>
    public AddNode(string name, EquatableList<IntegerNode> inputs, EquatableList<int> multipliers, int offset = 0)
        : base(name, inputs, Broadcast.ShapeOf(name, inputs), RangeOf(name, inputs, multipliers, offset))
    {
        Multipliers = multipliers;
        Offset = offset;
    }

    /// <summary>What each operand is multiplied by.</summary>
    public EquatableList<int> Multipliers { get; }

    /// <summary>What is added.</summary>
    public int Offset { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        output.Stored.Fill(Offset);
        for (var operand = 0; operand < inputs.Count; operand++)
        {
            var map = Broadcast.Map(inputs[operand].Shape, Shape);
            for (var i = 0; i < map.Length; i++)
            {
                output.Stored[i] += Multipliers[operand] * inputs[operand].Integer(map[i]);
            }
        }
    }

    private static Integers RangeOf(string name, EquatableList<IntegerNode> inputs, EquatableList<int> multipliers, int offset)
    {
        ArgumentNullException.ThrowIfNull(multipliers);
        if (inputs.Count < 2 || multipliers.Count != inputs.Count)
        {
            throw Fault(name, $"it has {inputs.Count} inputs and {multipliers.Count} multipliers; allowed are two inputs or more, with as "
                + "many multipliers.");
        }

        Int128 min = offset, max = offset;
        for (var i = 0; i < inputs.Count; i++)
        {
            var type = Whole(name, inputs[i]).Type;
            var (a, b) = ((Int128)type.MinInteger * multipliers[i], (Int128)type.MaxInteger * multipliers[i]);
            min += a < b ? a : b;
            max += a < b ? b : a;
        }

        return Range(name, min, max);
    }
}
