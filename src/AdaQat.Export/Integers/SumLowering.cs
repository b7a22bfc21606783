using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>Sums and products of two values.</summary>
internal static class SumLowering
{
    // What sums may come to, in their unit: 32 bits have a sign.
    private static readonly Rational Most = (1L << 31) - 16;

    /// <summary>
    /// A sum: exact where both have one step (codes of one trained grid), else of fixed-point numbers. Null: an operand is in float.
    /// </summary>
    public static RealValue? Of(ModelDraft draft, Forms forms, GraphNode node, RealValue a, RealValue b, bool minus)
    {
        if (a.Node.Type is Floats || b.Node.Type is Floats || a.Order.Count != b.Order.Count)
        {
            return null;
        }

        if (a.IsMultipleOf(a.Map.Slope) && b.IsMultipleOf(a.Map.Slope))
        {
            // Codes of one step, clamped or not: nothing is rounded.
            (a, b) = (a.IsScaled ? a : forms.FixedPoint(a, a.Map.Slope), b.IsScaled ? b : forms.FixedPoint(b, a.Map.Slope));
        }
        else
        {
            var unit = Unit(a, b);
            (a, b) = (forms.FixedPoint(a, unit), forms.FixedPoint(b, unit));
        }

        b = forms.Arranged(b, a.Order);
        var sum = new AddNode(draft.Name(node.Name), [a.Node, b.Node], [1, minus ? -1 : 1]);
        return new(draft.Add(sum), a.Order,
            [new(a.Map.Slope, minus ? a.Map.Shift - b.Map.Shift : a.Map.Shift + b.Map.Shift)]);
    }

    /// <summary>A product, where both are multiples of whole numbers; else null.</summary>
    public static RealValue? Product(ModelDraft draft, Forms forms, GraphNode node, RealValue a, RealValue b)
    {
        if (!a.IsScaled || !b.IsScaled || a.Map.Shift.Sign != 0 || b.Map.Shift.Sign != 0 || a.Order.Count != b.Order.Count
            || a.Grid is null || b.Grid is null)
        {
            return null;
        }

        b = forms.Arranged(b, a.Order);
        return new(draft.Add(new MultiplyNode(draft.Name(node.Name), a.Node, b.Node)), a.Order, [new(a.Map.Slope * b.Map.Slope, 0)]);
    }

    /// <summary>The unit that a fixed-point operand has already, as long as the sum has 32 bits in it.</summary>
    private static Rational Unit(RealValue a, RealValue b)
    {
        var bound = a.Bound + b.Bound;
        Rational[] units = [.. new[] { a, b }
            .Where(value => value.IsScaled && value.Node.Type is Integers && value.Map.Shift.Sign == 0 && IsPower(value.Map.Slope))
            .Select(value => value.Map.Slope)];
        return units.Length > 0 && units.Aggregate(Rational.Max) is var unit && bound / unit <= Most ? unit : Forms.Unit(bound);
    }

    private static bool IsPower(Rational number) => number.Sign > 0 && number == Rational.PowerOfTwo(number.Exponent());
}
