using System.Numerics;
using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>Operators that move elements: they move codes where a quantizer follows, else whatever there is.</summary>
internal sealed class LayoutLowering(ModelDraft draft, Forms forms)
{
    /// <summary>A layout; null for other operators, and where it has no form in integers.</summary>
    public IReadOnlyList<RealValue>? Lower(GraphNode node, RealValue x, CodeGrid? ahead)
    {
        if (node.Operator is not (ReshapeOperator or PermuteOperator or SliceOperator or SplitOperator or PadOperator or ResizeOperator))
        {
            return null;
        }

        x = Quantized(node, x, ahead);
        return node.Operator switch
        {
            ReshapeOperator => One(Reshaped(node, x)),
            PermuteOperator permute => One(Permuted(permute, x)),
            SliceOperator slice => One(Sliced(node, slice, x)),
            SplitOperator split => Parts(node, split, x),
            PadOperator pad => One(Padded(node, pad, x, ahead)),
            ResizeOperator { Mode: ResizeMode.Nearest } => One(Resized(node, x)),
            _ => null,
        };

        static IReadOnlyList<RealValue>? One(RealValue? value) => value is null ? null : [value];
    }

    /// <summary>Values one behind the other: codes of the grid that follows, or fixed-point numbers of one unit.</summary>
    public RealValue? Concatenated(GraphNode node, ConcatOperator concat, IReadOnlyList<RealValue> inputs, CodeGrid? ahead)
    {
        if (concat.Axis == 0)
        {
            return null;
        }

        if (inputs.Any(input => input.Node.Type is Floats))
        {
            inputs = [.. inputs.Select(forms.Floats)];
        }
        else if ((ahead ?? inputs[0].Grid) is { } grid && (ahead is not null || inputs.All(input => input.Grid == grid)))
        {
            inputs = [.. inputs.Select((input, i) => forms.Codes(input, grid, FormattableString.Invariant($"{node.Name}.codes{i}")))];
        }
        else
        {
            var unit = Forms.Unit(inputs.Select(input => input.Bound).Aggregate(Rational.Max));
            inputs = [.. inputs.Select(input => forms.FixedPoint(input, unit))];
        }

        var order = inputs[0].Order;
        inputs = [.. inputs.Select(input => forms.Arranged(input, order))];
        var joined = new ConcatNode(draft.Name(node.Name), [.. inputs.Select(input => input.Node)], inputs[0].Place(concat.Axis));
        return inputs[0] with { Node = draft.Add(joined) };
    }

    private RealValue Quantized(GraphNode node, RealValue x, CodeGrid? ahead) =>
        ahead is not null && x.Grid is null && x.Node.Type is not Floats ? forms.Codes(x, ahead, node.Name + ".codes") : x;

    private RealValue Reshaped(GraphNode node, RealValue x)
    {
        var shape = new Shape([.. node.Output.Shape.Skip(1)]);
        x = forms.Natural(x);
        if (!x.IsUniform)
        {
            x = Along(x, node.Output.Shape) ?? (x.Node.Type is Floats ? forms.Floats(x) : forms.FixedPoint(x));
            x = forms.Natural(x);
        }

        var made = draft.Add(new ReshapeNode(draft.Name(node.Name), x.Node, shape));
        return x with { Node = made, Order = [.. Enumerable.Range(1, shape.Rank)] };
    }

    /// <summary>The maps along an axis of the new shape: the same one, or one that it became a part of; null for none.</summary>
    private static RealValue? Along(RealValue x, Shape output)
    {
        var input = x.Node.Shape;
        var place = x.Axis - 1;
        var outer = Product(input.AsSpan()[..place]);
        var inner = Product(input.AsSpan()[(place + 1)..]);
        for (var axis = 1; axis < output.Rank; axis++)
        {
            var (before, behind) = (Product(output.AsSpan()[1..axis]), Product(output.AsSpan()[(axis + 1)..]));
            if (before == outer && behind <= inner && output[axis] * behind == input[place] * inner && output[axis] >= input[place]
                && output[axis] % input[place] == 0)
            {
                var times = (int)(output[axis] / input[place]);
                return x with { Axis = axis, Maps = [.. x.Maps.SelectMany(map => Enumerable.Repeat(map, times))] };
            }
        }

        return null;

        static long Product(ReadOnlySpan<long> sizes)
        {
            var product = 1L;
            foreach (var size in sizes)
            {
                product *= size;
            }

            return product;
        }
    }

    private static RealValue? Permuted(PermuteOperator permute, RealValue x)
    {
        // Only the names of axes change; elements move where somebody needs them elsewhere.
        int Place(int axis) => permute.Order.Index().First(pair => pair.Item == axis).Index;

        return permute.Order[0] != 0 ? null : x with { Order = [.. x.Order.Select(Place)], Axis = x.IsUniform ? 0 : Place(x.Axis) };
    }

    private RealValue? Sliced(GraphNode node, SliceOperator slice, RealValue x)
    {
        var axis = slice.Axis;
        if (axis == 0)
        {
            return node.Output.Shape == node.Inputs[0].Shape ? x : null;
        }

        var size = x.Size(axis);
        var start = Math.Clamp(slice.Start < 0 ? slice.Start + size : slice.Start, 0, size);
        return node.Output.Shape == node.Inputs[0].Shape ? x : Part(node, x, axis, start, node.Output.Shape[axis], slice.Step);
    }

    private List<RealValue>? Parts(GraphNode node, SplitOperator split, RealValue x)
    {
        if (split.Axis == 0)
        {
            return null;
        }

        var (parts, start) = (new List<RealValue>(), 0L);
        foreach (var size in split.Sizes)
        {
            parts.Add(Part(node, x, split.Axis, start, size, 1));
            start += size;
        }

        return parts;
    }

    private RealValue Part(GraphNode node, RealValue x, int axis, long start, long count, long step)
    {
        var part = draft.Add(new SliceNode(draft.Name(node.Name), x.Node, x.Place(axis), start, count, step));
        return x.IsUniform || x.Axis != axis ? x with { Node = part } : x with
        {
            Node = part,
            Maps = [.. Enumerable.Range(0, (int)count).Select(i => x.Maps[(int)(start + (i * step))])],
        };
    }

    private RealValue? Padded(GraphNode node, PadOperator pad, RealValue x, CodeGrid? ahead)
    {
        if (pad.Mode != PadMode.Constant || x.Node.Type is Floats || pad.Before[0] != 0 || pad.After[0] != 0)
        {
            return null;
        }

        if (x.Grid is not null || !x.IsScaled)
        {
            // A grid may lack the number, or clip it; where a quantizer follows, that one says which code it has.
            x = x.Grid is { } grid && grid.CodeOf(Rational.Of(pad.Value)) is var code
                && (grid.Unit * ((grid.Codes.Multiplier * code) + grid.Codes.Offset) == Rational.Of(pad.Value) || grid == ahead)
                ? x : forms.FixedPoint(x);
        }

        var number = x.Grid is { } codes ? codes.CodeOf(Rational.Of(pad.Value))
            : (int)BigInteger.Clamp(((Rational.Of(pad.Value) - x.Map.Shift) / x.Map.Slope).Round(), int.MinValue, int.MaxValue);
        var padded = new PadNode(draft.Name(node.Name), x.Node, [.. x.Order.Select(axis => pad.Before[axis])],
            [.. x.Order.Select(axis => pad.After[axis])], number);
        return x with { Node = draft.Add(padded) };
    }

    private RealValue? Resized(GraphNode node, RealValue x)
    {
        var (input, output) = (node.Inputs[0].Shape, node.Output.Shape);
        if (output.Rank is not (3 or 4) || Enumerable.Range(2, output.Rank - 2).Any(axis => output[axis] % input[axis] != 0))
        {
            return null;
        }

        x = forms.Arranged(x, RealValue.ChannelsLast(output.Rank));
        var larger = new UpsampleNode(draft.Name(node.Name), x.Node,
            [.. Enumerable.Range(2, output.Rank - 2).Select(axis => output[axis] / input[axis])]);
        return x with { Node = draft.Add(larger) };
    }
}
