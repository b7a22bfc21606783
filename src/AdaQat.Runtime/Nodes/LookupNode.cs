using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Each code becomes what a table says, a code or an integer, with one table for all channels (the last axis) or one for each: pixels with
/// their normalisation, sigmoid, tanh, GELU, the exponential of softmax.
/// </summary>
public sealed class LookupNode : IntegerNode
{
    private readonly int[] _table;

    /// <summary>A table.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Codes.</param>
    /// <param name="type">What the table's numbers are: codes, or integers, whose range becomes the table's.</param>
    /// <param name="table">A number for each code 0 to the largest; one table, or one for each channel, one behind the other.</param>
    /// <exception cref="IntegerModelException">The table has another length, or a number that the type doesn't have.</exception>
    public LookupNode(string name, IntegerNode input, NumberType type, ReadOnlySpan<int> table)
        : base(name, [input], input?.Shape ?? throw new ArgumentNullException(nameof(input)), TypeOf(name, input, type, table))
    {
        _table = table.ToArray();
    }

    /// <summary>The tables, one behind the other.</summary>
    public ReadOnlySpan<int> Table => _table;

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var entries = ((Codes)inputs[0].Type).MaxCode + 1;
        var tables = _table.Length / entries;
        for (var i = 0; i < output.Stored.Length; i++)
        {
            output.Stored[i] = _table[(i % tables * entries) + (int)inputs[0].Stored[i]];
        }
    }

    private static NumberType TypeOf(string name, IntegerNode input, NumberType type, ReadOnlySpan<int> table)
    {
        ArgumentNullException.ThrowIfNull(type);
        var entries = CodesOf(name, input).MaxCode + 1;
        var channels = input.Shape.Rank == 0 ? 1 : input.Shape[input.Shape.Rank - 1];
        if (table.Length != entries && table.Length != channels * entries)
        {
            throw Fault(name, $"its table has {table.Length} numbers; allowed are {entries}, or as many for each of {channels} channels.");
        }

        var (min, max) = (int.MaxValue, int.MinValue);
        foreach (var number in table)
        {
            (min, max) = (Math.Min(min, number), Math.Max(max, number));
        }

        return type switch
        {
            Integers => new Integers(min, max),
            Codes codes when min >= 0 && max <= codes.MaxCode => codes,
            _ => throw Fault(name, $"its table has numbers from {min} to {max}; its values are {type}."),
        };
    }
}
