using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>
/// The same numbers along other axes. Sizes that a model computes from those of its input are numbers in a recording; several recordings
/// show what they follow from.
/// </summary>
internal static class ShapeLowering
{
    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["view"] = call => Reshape(call, call.Sizes(1)),
        ["reshape"] = call => Reshape(call, call.Sizes(1)),
        ["_unsafe_view"] = call => Reshape(call, call.Sizes(1)),
        ["view_as"] = ReshapeAs,
        ["reshape_as"] = ReshapeAs,
        ["flatten"] = Flatten,
        ["unflatten"] = Unflatten,
        ["squeeze"] = Squeeze,
        ["unsqueeze"] = Unsqueeze,
        ["transpose"] = call => Transpose(call, call.Axis(1, call.Tensor(0).Rank), call.Axis(2, call.Tensor(0).Rank)),
        ["swapaxes"] = call => Transpose(call, call.Axis(1, call.Tensor(0).Rank), call.Axis(2, call.Tensor(0).Rank)),
        ["t"] = call => Transpose(call, 0, call.Tensor(0).Rank - 1),
        ["permute"] = call => call.Return(call.Emit(new PermuteOperator(call.Axes(1, call.Tensor(0).Rank)), call.Value(0))),
        ["expand"] = call => Expand(call, call.Sizes(1)),
        ["expand_as"] = ExpandAs,
        ["broadcast_to"] = call => Expand(call, call.Sizes(1)),
        ["contiguous"] = Same,
        ["clone"] = Same,
        ["detach"] = Same,
        ["alias"] = Same,
        ["positive"] = Same,
        ["to"] = Convert,
        ["type_as"] = Convert,
        ["_to_copy"] = Convert,
        ["dropout"] = Dropout,
        ["feature_dropout"] = Dropout,
        ["alpha_dropout"] = Dropout,
        ["feature_alpha_dropout"] = Dropout,
    };

    private static void Reshape(CallLowering call, IReadOnlyList<IntegerArgument> sizes)
    {
        var rules = sizes.Select(size => SizeRule.Find([call.Tensor(0)], size.Values)).ToList();
        // A size without a rule may be what remains, if no other is.
        var open = rules.Count(rule => rule is null);
        if (open > 1 || (open == 1 && rules.Exists(rule => rule is { IsRemaining: true })))
        {
            throw new SizeDependenceException(call.Call);
        }

        call.Return(call.Emit(new ReshapeOperator([.. rules.Select(rule => rule ?? SizeExpression.Remaining)]), call.Value(0)));
    }

    private static void ReshapeAs(CallLowering call) => call.Return(call.Emit(
        new ReshapeOperator([.. OfSecond(call.Output.Rank)]), call.Value(0), call.Value(1)));

    private static void Flatten(CallLowering call)
    {
        var rank = call.Tensor(0).Rank;
        var (first, last) = (call.Axis(1, rank), call.Axis(2, rank));
        var flat = rank == 0
            ? SizeExpression.Exactly(1)
            : SizeExpression.Product([.. Enumerable.Range(first, last - first + 1).Select(axis => new SizeReference(0, axis))]);
        call.Return(call.Emit(new ReshapeOperator([.. Axes(0, first), flat, .. Axes(last + 1, rank)]), call.Value(0)));
    }

    private static void Unflatten(CallLowering call)
    {
        var rank = call.Tensor(0).Rank;
        var axis = call.Axis(1, rank);
        var sizes = call.Rules(call.Sizes(2), call.Tensor(0));
        call.Return(call.Emit(new ReshapeOperator([.. Axes(0, axis), .. sizes, .. Axes(axis + 1, rank)]), call.Value(0)));
    }

    private static void Squeeze(CallLowering call)
    {
        var input = call.Tensor(0);
        var asked = call.Count > 1 ? call.Axes(1, input.Rank) : call.Axes(0, 0);
        var dropped = Enumerable.Range(0, input.Rank)
            .Where(axis => (call.Count == 1 || asked.Contains(axis)) && input.Shapes.All(shape => shape[axis] == 1)).ToHashSet();
        if (input.Rank - dropped.Count != call.Output.Rank)
        {
            throw new SizeDependenceException(call.Call);
        }

        var kept = Enumerable.Range(0, input.Rank).Where(axis => !dropped.Contains(axis)).Select(axis => SizeExpression.Of(0, axis));
        call.Return(call.Emit(new ReshapeOperator([.. kept]), call.Value(0)));
    }

    private static void Unsqueeze(CallLowering call)
    {
        var axis = call.Axis(1, call.Tensor(0).Rank + 1);
        call.Return(call.Emit(
            new ReshapeOperator([.. Axes(0, axis), SizeExpression.Exactly(1), .. Axes(axis, call.Tensor(0).Rank)]), call.Value(0)));
    }

    private static void Transpose(CallLowering call, int first, int second)
    {
        var order = Enumerable.Range(0, call.Tensor(0).Rank).Select(axis => (long)axis).ToArray();
        if (order.Length > 1)
        {
            (order[first], order[second]) = (order[second], order[first]);
        }

        call.Return(call.Emit(new PermuteOperator([.. order]), call.Value(0)));
    }

    /// <summary>
    /// Sizes may follow from the input's own, or from those of what the model was given, as a class token's for each image.
    /// </summary>
    private static void Expand(CallLowering call, IReadOnlyList<IntegerArgument> sizes)
    {
        TensorArgument[] sources = [call.Tensor(0), .. call.ModelInputs];
        var rules = call.Rules(sizes, sources);
        var likes = rules.SelectMany(rule => rule.References).Any(reference => reference.Input > 0)
            ? call.ModelInputs.Select(call.ValueOf).ToArray()
            : [];
        call.Return(call.Emit(new ExpandOperator([.. rules]), [call.Value(0), .. likes]));
    }

    private static void ExpandAs(CallLowering call) => call.Return(call.Emit(
        new ExpandOperator([.. OfSecond(call.Output.Rank)]), call.Value(0), call.Value(1)));

    private static void Same(CallLowering call) => call.Return(call.Value(0));

    private static void Convert(CallLowering call) => call.Return(call.Output.IsFloatingPoint
        ? call.Value(0)
        : throw call.Refusal("it makes whole numbers, and a graph computes with numbers that have a fraction"));

    private static void Dropout(CallLowering call) => call.Return(!call.Flag(2)
        ? call.Value(0)
        : throw call.Refusal("it drops out elements though the model is in eval mode; pass the module's training flag on"));

    private static IEnumerable<SizeExpression> OfSecond(int rank) => Enumerable.Range(0, rank).Select(axis => SizeExpression.Of(1, axis));

    private static IEnumerable<SizeExpression> Axes(int from, int to) =>
        Enumerable.Range(from, Math.Max(0, to - from)).Select(axis => SizeExpression.Of(0, axis));
}
