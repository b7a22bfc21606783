using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>Normalisations, softmax and reductions.</summary>
internal static class NormalizationLowering
{
    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["batch_norm"] = call => BatchNorm(call, statisticsOfBatch: call.Flag(5)),
        ["instance_norm"] = InstanceNorm,
        ["layer_norm"] = call => Scaled(call, new LayerNormOperator(call.Integers(1).Count, call.Number(4)), 2),
        ["group_norm"] = call => Scaled(call, new GroupNormOperator(call.Integer(1), call.Number(4)), 2),
        ["softmax"] = call => call.Return(call.Emit(new SoftmaxOperator(call.Axis(1, call.Tensor(0).Rank)), call.Value(0))),
        ["log_softmax"] = call => call.Return(call.Emit(new LogSoftmaxOperator(call.Axis(1, call.Tensor(0).Rank)), call.Value(0))),
        ["mean"] = call => Reduce(call, Reduction.Mean),
        ["sum"] = call => Reduce(call, Reduction.Sum),
        ["amax"] = call => Reduce(call, Reduction.Max),
        ["amin"] = call => Reduce(call, Reduction.Min),
        ["max"] = call => Extreme(call, Reduction.Max, new MaximumOperator()),
        ["min"] = call => Extreme(call, Reduction.Min, new MinimumOperator()),
    };

    private static void BatchNorm(CallLowering call, bool statisticsOfBatch)
    {
        if (statisticsOfBatch || call.IsNone(3) || call.IsNone(4))
        {
            throw call.Refusal("it normalises by the statistics of the batch, as in training; a graph has those of a trained model");
        }

        var channels = call.Tensor(3).Shape[0];
        var gamma = call.ValueOrNone(1) ?? Filled(call, channels, 1);
        var beta = call.ValueOrNone(2) ?? Filled(call, channels, 0);
        var input = call.Value(0);
        call.Return(call.Emit(new BatchNormOperator(call.Number(7)), input, gamma, beta, call.Value(3), call.Value(4)));
    }

    /// <summary>Each channel of each image by its own statistics; or by those of training, which is batch normalisation.</summary>
    private static void InstanceNorm(CallLowering call)
    {
        if (call.Flag(5))
        {
            Scaled(call, new GroupNormOperator(call.Tensor(0).Shape[1], call.Number(7)), 1);
        }
        else
        {
            BatchNorm(call, statisticsOfBatch: false);
        }
    }

    private static void Scaled(CallLowering call, GraphOperator norm, int gamma)
    {
        var input = call.Value(0);
        if (call.IsNone(gamma) && !call.IsNone(gamma + 1))
        {
            var shifted = call.Emit(norm, input);
            call.Return(call.Emit(new AddOperator(), shifted, call.Value(gamma + 1)));
        }
        else
        {
            call.Return(call.Emit(norm, input, call.ValueOrNone(gamma), call.ValueOrNone(gamma + 1)));
        }
    }

    private static DraftValue Filled(CallLowering call, long count, double number) =>
        call.Constant(GraphTensor.Of([count], Enumerable.Repeat(number, (int)count).ToArray().AsSpan()));

    /// <summary>Over all axes with a type alone, over some with axes and whether to keep them.</summary>
    private static void Reduce(CallLowering call, Reduction reduction)
    {
        var rank = call.Tensor(0).Rank;
        var isOverSome = call.Count > 2;
        var axes = isOverSome ? call.Axes(1, rank) : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        call.Return(call.Emit(new ReduceOperator(reduction, axes, isOverSome && call.Flag(2)), call.Value(0)));
    }

    /// <summary>Of all elements, of two tensors, or along an axis, where the places are told too.</summary>
    private static void Extreme(CallLowering call, Reduction reduction, GraphOperator ofTwo)
    {
        var rank = call.Tensor(0).Rank;
        call.Return(call.Count switch
        {
            1 => call.Emit(new ReduceOperator(reduction, [.. Enumerable.Range(0, rank).Select(axis => (long)axis)]), call.Value(0)),
            2 => call.Emit(ofTwo, call.Value(0), call.Value(1)),
            _ => call.Emit(new ReduceOperator(reduction, [call.Axis(1, rank)], call.Flag(2)), call.Value(0)),
        });
    }
}
