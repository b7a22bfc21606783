using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>Tensors taken apart, joined and padded.</summary>
internal static class PartLowering
{
    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["cat"] = call => call.Return(call.Emit(new ConcatOperator(call.Axis(1, call.Output.Rank)), call.Values(0))),
        ["concat"] = call => call.Return(call.Emit(new ConcatOperator(call.Axis(1, call.Output.Rank)), call.Values(0))),
        ["stack"] = Stack,
        ["slice"] = Slice,
        ["narrow"] = Narrow,
        ["select"] = Select,
        ["chunk"] = call => Split(call, call.Axis(2, call.Tensor(0).Rank)),
        ["tensor_split"] = call => Split(call, call.Axis(2, call.Tensor(0).Rank)),
        ["split"] = call => Split(call, call.Axis(2, call.Tensor(0).Rank)),
        ["split_with_sizes"] = call => Split(call, call.Axis(2, call.Tensor(0).Rank)),
        ["unbind"] = call => Split(call, call.Axis(1, call.Tensor(0).Rank)),
        ["ListUnpack"] = Unpack,
        ["constant_pad_nd"] = call => Pad(call, PadMode.Constant, call.Number(2)),
        ["reflection_pad1d"] = call => Pad(call, PadMode.Reflect),
        ["reflection_pad2d"] = call => Pad(call, PadMode.Reflect),
        ["reflection_pad3d"] = call => Pad(call, PadMode.Reflect),
        ["replication_pad1d"] = call => Pad(call, PadMode.Replicate),
        ["replication_pad2d"] = call => Pad(call, PadMode.Replicate),
        ["replication_pad3d"] = call => Pad(call, PadMode.Replicate),
        ["_pad_enum"] = call => Pad(call, NumberedMode(call), call.NumberOrNone(3) ?? 0),
        ["pad"] = call => Pad(call, Mode(call), call.NumberOrNone(3) ?? 0),
    };

    private static void Stack(CallLowering call)
    {
        var axis = call.Axis(1, call.Output.Rank);
        var rank = call.Output.Rank - 1;
        var widened = call.Values(0).Select(value => call.Emit(
            new ReshapeOperator([.. Axes(0, axis), SizeExpression.Exactly(1), .. Axes(axis, rank)]), value)).ToArray();
        call.Return(call.Emit(new ConcatOperator(axis), widened));
    }

    private static void Slice(CallLowering call)
    {
        var input = call.Tensor(0);
        var axis = call.Axis(1, input.Rank);
        var (start, end) = (call.IntegerOrNone(2) ?? 0, call.IsNone(3) ? null : End(call, 3, input, axis));
        call.Return(start == 0 && end is null && call.Integer(4) == 1
            ? call.Value(0)
            : call.Emit(new SliceOperator(axis, start, end, call.Integer(4)), call.Value(0)));
    }

    private static void Narrow(CallLowering call)
    {
        var input = call.Tensor(0);
        var (axis, start, lengths) = (call.Axis(1, input.Rank), call.Integer(2), call.Sizes(3)[0].Values);
        var end = lengths.Select((length, i) => start + length).ToList();
        call.Return(call.Emit(new SliceOperator(axis, start, End(call, end, input, axis)), call.Value(0)));
    }

    private static void Select(CallLowering call)
    {
        var input = call.Tensor(0);
        var (axis, index) = (call.Axis(1, input.Rank), call.Sizes(2)[0].Values);
        // The last one may have been asked for by the number that it had.
        var fromEnd = index.Select((i, r) => i - input.Shapes[r][axis]).ToList();
        var start = index.All(i => i == index[0]) ? index[0]
            : fromEnd.TrueForAll(i => i == fromEnd[0]) ? fromEnd[0]
            : throw new SizeDependenceException(call.Call);
        var part = call.Emit(new SliceOperator(axis, start, start == -1 ? null : start + 1), call.Value(0));
        call.Return(call.Emit(new ReshapeOperator([.. Axes(0, axis), .. Axes(axis + 1, input.Rank)]), part));
    }

    /// <summary>Remembers what was split until its parts are unpacked, whose sizes say how.</summary>
    private static void Split(CallLowering call, int axis)
    {
        call.Remember(axis);
        call.Return(call.Value(0));
    }

    private static void Unpack(CallLowering call)
    {
        var list = call.Call.Arguments[0] as TensorArgument ?? throw call.Refusal("it unpacks no tensors that an operator made");
        var maker = call.Remembered(list.Name);
        var (axis, parts) = (maker.Axis, call.Call.Outputs);
        var source = call.ValueOf(list);
        if (SliceWrites.Bare(maker.Call.Kind) == "unbind")
        {
            for (var i = 0; i < parts.Count; i++)
            {
                var rank = parts[i].Rank + 1;
                var part = call.Emit(new SliceOperator(axis, i, i + 1), source);
                call.ReturnAt(i, call.Emit(new ReshapeOperator([.. Axes(0, axis), .. Axes(axis + 1, rank)]), part));
            }

            return;
        }

        if (parts.Any(part => part.Shapes.Any(shape => shape[axis] != part.Shape[axis])))
        {
            throw new SizeDependenceException(maker.Call);
        }

        call.ReturnAll(call.Emit(new SplitOperator(axis, [.. parts.Select(part => part.Shape[axis])]), source).Node);
    }

    private static PadMode Mode(CallLowering call) => call.Text(2) switch
    {
        "constant" => PadMode.Constant,
        "reflect" => PadMode.Reflect,
        "replicate" => PadMode.Replicate,
        "circular" => PadMode.Circular,
        var mode => throw call.Refusal($"its mode '{mode}' is not known"),
    };

    /// <summary>In the order of libtorch's enumeration.</summary>
    private static PadMode NumberedMode(CallLowering call) => call.Integer(2) switch
    {
        0 => PadMode.Reflect,
        1 => PadMode.Replicate,
        2 => PadMode.Circular,
        3 => PadMode.Constant,
        var mode => throw call.Refusal($"its mode {mode} is not known"),
    };

    /// <summary>PyTorch names the last axis first, before and behind.</summary>
    private static void Pad(CallLowering call, PadMode mode, double value = 0)
    {
        var (given, rank) = (call.Integers(1), call.Tensor(0).Rank);
        var (before, after) = (new long[rank], new long[rank]);
        for (var i = 0; i < given.Count / 2; i++)
        {
            (before[rank - 1 - i], after[rank - 1 - i]) = (given[2 * i], given[(2 * i) + 1]);
        }

        call.Return(call.Emit(new PadOperator([.. before], [.. after], mode, value), call.Value(0)));
    }

    private static long? End(CallLowering call, int argument, TensorArgument input, int axis) =>
        End(call, call.Sizes(argument)[0].Values, input, axis);

    /// <summary>An end that is the size of the axis, or beyond, is the end; one that is so far from it, too.</summary>
    private static long? End(CallLowering call, IReadOnlyList<long> ends, TensorArgument input, int axis)
    {
        var fromEnd = ends.Select((end, r) => end - input.Shapes[r][axis]).ToList();
        return fromEnd.TrueForAll(end => end >= 0) ? null
            : ends.All(end => end == ends[0]) ? ends[0]
            : fromEnd.TrueForAll(end => end == fromEnd[0]) ? fromEnd[0]
            : throw new SizeDependenceException(call.Call);
    }

    private static IEnumerable<SizeExpression> Axes(int from, int to) =>
        Enumerable.Range(from, Math.Max(0, to - from)).Select(axis => SizeExpression.Of(0, axis));
}
