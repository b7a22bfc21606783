using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Sizes that an operator is told: numbers, and where they follow from the batch, computed from shapes.</summary>
internal static class SizeInputs
{
    /// <summary>A size that is the same with another batch; null for one that follows from it.</summary>
    public static long? Constant(OperatorScope n, SizeExpression size)
    {
        var value = Value(size, n.Ins);
        return value == Value(size, n.OtherIns) ? value : null;
    }

    /// <summary>The name of the sizes, each a number or, where that is null, its expression.</summary>
    public static string Write(OperatorScope n, IReadOnlyList<SizeExpression> sizes, IReadOnlyList<long?> numbers) =>
        numbers.All(number => number is not null)
            ? n.Longs("sizes", [.. numbers.Select(number => number!.Value)])
            : n.Op(
                "Concat",
                numbers.Select((number, axis) => number is { } known ? n.Longs("size", known) : Computed(n, sizes[axis])).ToArray(),
                OnnxAttribute.Of("axis", 0));

    private static string Computed(OperatorScope n, SizeExpression size)
    {
        var result = size.References.Select(reference => n.Op(
            "Slice",
            [
                n.Op("Shape", [n.Input(reference.Input)]), n.Longs("first", reference.Axis), n.Longs("end", reference.Axis + 1),
            ])).Aggregate((product, factor) => n.Op("Mul", [product, factor]));
        result = size.Factor == 1 ? result : n.Op("Mul", [result, n.Longs("factor", size.Factor)]);
        return size.Divisor == 1 ? result : n.Op("Div", [result, n.Longs("divisor", size.Divisor)]);
    }

    /// <summary>Shapes have been checked when the graph was made.</summary>
    private static long Value(SizeExpression size, IReadOnlyList<Shape> inputs) =>
        size.References.Aggregate(size.Factor, (product, reference) => product * inputs[reference.Input][reference.Axis]) / size.Divisor;
}
