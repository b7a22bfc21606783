using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>Functions of single numbers: in what integers stand for, until a quantizer makes thresholds or a table of them.</summary>
internal static class CurveLowering
{
    /// <summary>A function's value; null where it has no table: of floats, and of sums where it has waves, or no number for some.</summary>
    /// <param name="function">An operator of one input, or a leaky rectifier with learned slopes.</param>
    /// <param name="x">Its input.</param>
    /// <param name="slopes">The learned slopes, where they are known.</param>
    public static RealValue? Of(GraphOperator function, RealValue x, GraphTensor? slopes) => function switch
    {
        ActivationOperator { Function: ActivationFunction.HardSigmoid } =>
            x.Then(map => map.Then(1, 3).Clamped(0, 6).Then(new(1, 6), 0)),
        UnaryOperator { Function: UnaryFunction.Negate } => x.Then(map => map.Then(-1, 0)),
        UnaryOperator { Function: UnaryFunction.Reciprocal } => Of(new DivideOperator(), x, new(0, [1]), isFirst: true),
        PointwiseOperator pointwise => Curved(x, [pointwise], 0),
        PReluOperator when slopes is not null => Curved(
            x, [.. slopes.ToFloat64().Select(slope => new ActivationOperator(ActivationFunction.LeakyRelu, slope))], 1),
        _ => null,
    };

    /// <summary>
    /// An operator of two values that are both functions of one value's integers, as x · sigmoid(x) is: a function of those. Null where
    /// they are of different values, and where it has no number for a code or no bounds for sums.
    /// </summary>
    public static RealValue? Of(ElementwiseOperator function, RealValue a, RealValue b)
    {
        if (!ReferenceEquals(a.Node, b.Node) || a.Node.Type is Floats || a.Order != b.Order
            || (!a.IsUniform && !b.IsUniform && a.Axis != b.Axis) || (a.Node.Type is not Codes && !CurveBounds.Knows(function)))
        {
            return null;
        }

        ChannelMap[] maps = [.. Enumerable.Range(0, Math.Max(a.Maps.Count, b.Maps.Count)).Select(i => new ChannelMap(
            1, 0, Curve: Pair(function, a.Maps[a.IsUniform ? 0 : i], b.Maps[b.IsUniform ? 0 : i])))];
        var value = a with { Maps = [.. maps], Axis = a.IsUniform ? b.Axis : a.Axis, Grid = null };
        return maps.All(map => a.Node.Type is Codes ? value.Integers.All(code => double.IsFinite(map.NumberOf(code)))
            : IsBounded(map, a.Node.Type)) ? value : null;
    }

    /// <summary>The same of a value and numbers that are known.</summary>
    /// <param name="function">The operator.</param>
    /// <param name="value">The value.</param>
    /// <param name="known">The numbers.</param>
    /// <param name="isFirst">Whether they are the first operand.</param>
    public static RealValue? Of(ElementwiseOperator function, RealValue value, KnownOperand known, bool isFirst)
    {
        // As a function of the value's integers that is the same for all.
        var constant = value with { Maps = [.. known.Numbers.Select(number => new ChannelMap(0, number))], Axis = known.Axis };
        return isFirst ? Of(function, constant, value) : Of(function, value, constant);
    }

    private static RealValue? Curved(RealValue x, IReadOnlyList<PointwiseOperator> functions, int axis)
    {
        if (x.Node.Type is Floats || (functions.Count > 1 && !x.IsUniform && x.Axis != axis)
            || (x.Node.Type is not Codes && !functions.All(CurveBounds.Knows)))
        {
            return null;
        }

        var count = Math.Max(functions.Count, x.Maps.Count);
        Curve[] curves = [.. Enumerable.Range(0, count).Select(
            i => new Curve(functions[functions.Count == 1 ? 0 : i], x.Maps[x.IsUniform ? 0 : i]))];
        return curves.All(curve => x.Node.Type is Codes ? x.Integers.All(integer => double.IsFinite(curve.At(integer)))
            : Curve.Bends(curve.OfOne()) is not null || IsBounded(new(1, 0, Curve: curve), x.Node.Type))
                ? x with
                {
                    Maps = [.. curves.Select(curve => new ChannelMap(1, 0, Curve: curve))],
                    Axis = functions.Count > 1 ? axis : x.Axis,
                    Grid = null,
                }
                : null;
    }

    /// <summary>A number times itself is a square, of which bounds know that it is not below 0.</summary>
    private static Curve Pair(ElementwiseOperator function, ChannelMap a, ChannelMap b) => function is MultiplyOperator && a == b
        ? new(new UnaryOperator(UnaryFunction.Square), a) : new(function, a, b);

    private static bool IsBounded(ChannelMap map, NumberType sums) =>
        CurveBounds.Of(map, [sums.MinInteger], [sums.MaxInteger]) is var (low, high) && double.IsFinite(low[0]) && double.IsFinite(high[0]);
}
