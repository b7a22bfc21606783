using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>Pooling.</summary>
internal static class PoolingLowering
{
    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["max_pool1d"] = call => Maximum(call, 1),
        ["max_pool2d"] = call => Maximum(call, 2),
        ["max_pool3d"] = call => Maximum(call, 3),
        ["max_pool1d_with_indices"] = call => Maximum(call, 1),
        ["max_pool2d_with_indices"] = call => Maximum(call, 2),
        ["max_pool3d_with_indices"] = call => Maximum(call, 3),
        ["avg_pool1d"] = call => Average(call, 1),
        ["avg_pool2d"] = call => Average(call, 2),
        ["avg_pool3d"] = call => Average(call, 3),
        ["adaptive_avg_pool1d"] = call => Adaptive(call, Reduction.Mean),
        ["adaptive_avg_pool2d"] = call => Adaptive(call, Reduction.Mean),
        ["adaptive_avg_pool3d"] = call => Adaptive(call, Reduction.Mean),
        ["adaptive_max_pool1d"] = call => Adaptive(call, Reduction.Max),
        ["adaptive_max_pool2d"] = call => Adaptive(call, Reduction.Max),
        ["adaptive_max_pool3d"] = call => Adaptive(call, Reduction.Max),
    };

    private static void Maximum(CallLowering call, int axes)
    {
        RequireBatch(call, axes);
        var kernel = call.PerAxis(1, axes);
        var stride = call.PerAxis(2, axes) is { Count: > 0 } given ? given : kernel;
        call.Return(call.Emit(
            new MaxPoolOperator(kernel, stride, call.PerAxis(3, axes), call.PerAxis(4, axes), call.Flag(5)), call.Value(0)));
    }

    private static void Average(CallLowering call, int axes)
    {
        RequireBatch(call, axes);
        if (IsOfWholeImage(call, axes))
        {
            var whole = new AdaptivePoolOperator(Reduction.Mean, [.. Enumerable.Repeat<SizeExpression>(1, axes)]);
            call.Return(call.Emit(whole, call.Value(0)));
            return;
        }

        var kernel = call.PerAxis(1, axes);
        var stride = call.PerAxis(2, axes) is { Count: > 0 } given ? given : kernel;
        var divisor = call.Count > 6 ? call.IntegerOrNone(6) : null;
        call.Return(call.Emit(
            new AveragePoolOperator(kernel, stride, call.PerAxis(3, axes), call.Flag(4), call.Flag(5), divisor), call.Value(0)));
    }

    /// <summary>A window that is asked to be as large as the image, whatever its size, pools over all of it.</summary>
    private static bool IsOfWholeImage(CallLowering call, int axes)
    {
        var (kernel, shapes) = (call.Sizes(1), call.Tensor(0).Shapes);
        return shapes.Count > 1 && kernel.Count == axes && kernel.Any(size => size.Values.Any(value => value != size.Values[0]))
            && kernel.Select((size, axis) => size.Values.SequenceEqual(shapes.Select(shape => shape[axis + 2]))).All(isWhole => isWhole)
            && call.Integers(3).All(padding => padding == 0);
    }

    private static void Adaptive(CallLowering call, Reduction reduction)
    {
        var axes = SliceWrites.Bare(call.Call.Kind)[^2] - '0';
        RequireBatch(call, axes);
        var sizes = call.Rules(call.Sizes(1), call.Tensor(0));
        call.Return(call.Emit(
            new AdaptivePoolOperator(reduction, [.. sizes.Count == 1 ? Enumerable.Repeat(sizes[0], axes) : sizes]), call.Value(0)));
    }

    private static void RequireBatch(CallLowering call, int axes)
    {
        if (call.Tensor(0).Rank != axes + 2)
        {
            throw call.Refusal($"its input has {call.Tensor(0).Rank} axes; a graph's operator takes a batch of {axes + 2}");
        }
    }
}
