using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Arrangements of elements, and reductions over axes.</summary>
internal static class Layouts
{
    public static IReadOnlyList<string> Split(OperatorScope n, SplitOperator split)
    {
        n.FixedSize(0, split.Axis);
        return n.Ops("Split", [n.Input(0), n.Longs("sizes", [.. split.Sizes])], split.Sizes.Count, OnnxAttribute.Of("axis", split.Axis));
    }

    public static string Slice(OperatorScope n, SliceOperator slice) => n.Op(
        "Slice",
        [
            n.Input(0), n.Longs("start", slice.Start), n.Longs("end", slice.End ?? long.MaxValue), n.Longs("axis", slice.Axis),
            n.Longs("step", slice.Step),
        ]);

    public static string Pad(OperatorScope n, PadOperator pad)
    {
        var mode = pad.Mode switch
        {
            PadMode.Constant => "constant",
            PadMode.Reflect => "reflect",
            PadMode.Replicate => "edge",
            _ => "wrap",
        };
        if (pad.Mode == PadMode.Circular)
        {
            n.Needs(19, "circular padding");
        }

        var pads = n.Longs("pads", [.. pad.Before, .. pad.After]);
        return n.Op(
            "Pad", pad.Mode == PadMode.Constant ? [n.Input(0), pads, n.Number("value", pad.Value)] : [n.Input(0), pads],
            OnnxAttribute.Of("mode", mode));
    }

    public static string Reduce(OperatorScope n, ReduceOperator reduce) => reduce.ReducedAxes.Count == 0
        ? n.Op("Identity", [n.Input(0)])
        : n.Op(
            $"Reduce{reduce.Reduction}", [n.Input(0), n.Longs("axes", [.. reduce.ReducedAxes])],
            OnnxAttribute.Of("keepdims", reduce.KeepsAxes ? 1 : 0));

    /// <summary>A size that follows from the batch is what remains; of several, sizes are computed.</summary>
    public static string Reshape(OperatorScope n, ReshapeOperator reshape)
    {
        var sizes = reshape.Sizes.Select((size, axis) => size.IsRemaining ? -1 : SizeInputs.Constant(n, size)).ToArray();
        var open = Array.FindIndex(sizes, size => size is null);
        if (sizes.Count(size => size is null or -1) == 1 && open >= 0 && n.Out.ElementCount > 0)
        {
            sizes[open] = -1;
        }

        return n.Op("Reshape", [n.Input(0), SizeInputs.Write(n, reshape.Sizes, sizes)], OnnxAttribute.Of("allowzero", 1));
    }

    public static string Expand(OperatorScope n, ExpandOperator expand) => n.Op("Expand", [n.Input(0), SizeInputs.Write(
        n, expand.Sizes, [.. expand.Sizes.Select(size => size.IsRemaining ? 1 : SizeInputs.Constant(n, size))])]);
}
