using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>Pools: largest codes, and sums whose 1/n is in what they stand for.</summary>
internal sealed class PoolLowering(ModelDraft draft, Forms forms)
{
    /// <summary>A pool; null where it has no form in integers.</summary>
    public RealValue? Lower(GraphNode node, RealValue x, CodeGrid? ahead)
    {
        if (x.Node.Type is Floats)
        {
            return null;
        }

        return node.Operator switch
        {
            MaxPoolOperator { Kernel.Count: <= 2 } pool when After(node, pool) is { } after =>
                Largest(node, x, ahead, new(pool.Kernel, pool.Stride, pool.Padding, after, pool.Dilation)),
            AveragePoolOperator { Kernel.Count: <= 2, RoundsUp: false } pool
                when pool.CountsPadding || pool.Divisor is not null || pool.Padding.All(padding => padding == 0) =>
                Sum(node, x, new(pool.Kernel, pool.Stride, pool.Padding), pool.Divisor),
            AdaptivePoolOperator { Sizes.Count: <= 2 } pool when Evenly(node) is { } window => pool.Reduction == Reduction.Max
                ? Largest(node, x, ahead, window) : Sum(node, x, window, null),
            ReduceOperator { Reduction: Reduction.Mean or Reduction.Sum } reduce => Reduced(node, reduce, x),
            _ => null,
        };
    }

    private RealValue Largest(GraphNode node, RealValue x, CodeGrid? ahead, SlidingWindow window)
    {
        if (x.Grid is null && ahead is not null)
        {
            x = forms.Codes(x, ahead, node.Name + ".codes");
        }
        else if (x.IsCurved || x.Maps.Any(map => map.Slope.Sign <= 0))
        {
            x = forms.FixedPoint(x);
        }

        x = forms.Arranged(x, RealValue.ChannelsLast(x.Order.Count + 1));
        return x with { Node = draft.Add(new MaxPoolNode(draft.Name(node.Name), x.Node, window)) };
    }

    private RealValue? Sum(GraphNode node, RealValue x, SlidingWindow window, long? divisor)
    {
        // Missing elements add the integer 0, so that has to be the real 0; and a clamp has to come before the sum.
        var pads = window.Before.Any(padding => padding > 0);
        if (x.Maps.Any(map => !map.IsAffine || (pads && map.Shift.Sign != 0)))
        {
            x = forms.FixedPoint(x);
        }

        x = Narrowed(x, window.Taps);
        x = forms.Arranged(x, RealValue.ChannelsLast(x.Order.Count + 1));
        var sum = draft.Add(new SumPoolNode(draft.Name(node.Name), x.Node, window));
        return Divided(x with { Node = sum }, window.Taps, divisor ?? window.Taps);
    }

    /// <summary>A mean or a sum of all axes but one, or of all: a window as large as they are.</summary>
    private RealValue? Reduced(GraphNode node, ReduceOperator reduce, RealValue x)
    {
        var rank = x.Order.Count + 1;
        int[] axes = [.. reduce.ReducedAxes.Select(axis => (int)(axis < 0 ? axis + rank : axis)).Order()];
        int[] kept = [.. Enumerable.Range(1, rank - 1).Except(axes)];
        if (axes.Contains(0) || axes.Length == 0 || kept.Length > 1 || (!x.IsUniform && axes.Contains(x.Axis)))
        {
            return null;
        }

        if (x.Maps.Any(map => !map.IsAffine))
        {
            x = forms.FixedPoint(x);
        }

        var taps = axes.Aggregate(1L, (product, axis) => product * x.Size(axis));
        x = forms.Arranged(Narrowed(x, taps), [.. axes, .. kept]);
        var channels = kept.Length == 0 ? 1 : x.Size(kept[0]);
        var rows = draft.Add(new ReshapeNode(draft.Name(node.Name + ".rows"), x.Node, new([taps, channels])));
        var sum = draft.Add(new SumPoolNode(draft.Name(node.Name), rows, new(taps, 1, 0)));
        var shape = new Shape([.. node.Output.Shape.Skip(1)]);
        var shaped = draft.Add(new ReshapeNode(draft.Name(node.Name + ".shape"), sum, shape));
        EquatableList<int> order = [.. Enumerable.Range(1, shape.Rank)];
        x = x with { Node = shaped, Order = order, Axis = reduce.KeepsAxes ? x.Axis : 1 };
        return Divided(x, taps, reduce.Reduction == Reduction.Sum ? 1 : taps);
    }

    /// <summary>Numbers small enough that as many of them have a sum of 32 bits.</summary>
    private RealValue Narrowed(RealValue x, long taps)
    {
        var most = (Rational)Math.Max(Math.Abs(x.Node.Type.MinInteger), Math.Abs(x.Node.Type.MaxInteger));
        return most * taps < (1L << 31) - 1 ? x : forms.FixedPoint(x, Forms.Unit(x.Bound * taps, 30));
    }

    private static RealValue Divided(RealValue x, long taps, long divisor) => x.Then(map => new(
        map.Slope / divisor, map.Shift * taps / divisor));

    /// <summary>How far windows reach behind the last element; null where one would have none.</summary>
    private static EquatableList<long>? After(GraphNode node, MaxPoolOperator pool)
    {
        var (input, output) = (node.Inputs[0].Shape, node.Output.Shape);
        var after = new long[pool.Kernel.Count];
        for (var i = 0; i < after.Length; i++)
        {
            var end = ((output[i + 2] - 1) * pool.Stride[i]) + (pool.Dilation[i] * (pool.Kernel[i] - 1)) + 1;
            after[i] = pool.RoundsUp ? Math.Max(0, end - input[i + 2] - pool.Padding[i]) : pool.Padding[i];
        }

        return [.. after];
    }

    private static SlidingWindow? Evenly(GraphNode node)
    {
        var (input, output) = (node.Inputs[0].Shape, node.Output.Shape);
        long[] sizes = [.. Enumerable.Range(2, output.Rank - 2).Select(axis =>
            input[axis] % output[axis] == 0 ? input[axis] / output[axis] : 0)];
        return sizes.Contains(0) ? null : new([.. sizes], [.. sizes], [.. sizes.Select(_ => 0L)]);
    }
}
