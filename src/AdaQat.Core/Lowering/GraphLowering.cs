using AdaQat.Recording;

namespace AdaQat.Lowering;

/// <summary>Makes a draft of a graph from recordings of a model.</summary>
internal static class GraphLowering
{
    /// <summary>The draft.</summary>
    /// <param name="series">The recordings.</param>
    /// <param name="inputNames">What the graph's inputs are called.</param>
    /// <param name="outputNames">What its outputs are called.</param>
    /// <exception cref="CaptureException">The model computes something that a graph can't say.</exception>
    /// <exception cref="SizeDependenceException">
    /// An operation was given a number that follows from the input's sizes, where a graph has a fixed one.
    /// </exception>
    public static LoweredModel Lower(RecordingSeries series, IReadOnlyList<string> inputNames, IReadOnlyList<string> outputNames)
    {
        var needed = series.Needed();
        SliceWrites.Refuse(series, needed);
        var draft = new GraphDraft(series, inputNames);
        foreach (var call in needed)
        {
            OperatorTable.Lower(new CallLowering(call, draft));
        }

        var outputs = outputNames.Zip(series.First.Outputs, (name, value) => (name, draft.Find(value) ?? throw new CaptureException(
            $"The output '{name}' does not follow from the input by anything that this thread computes: a graph of it would say "
            + "nothing.")));
        var seen = series.First.ModuleOutputs.Select(output => (output.Module, draft.Find(output.Value))).ToList();
        var given = series.First.ModuleInputs.Select(input => (input.Module, draft.Find(input.Value))).ToList();
        return new LoweredModel(draft.Nodes, [.. outputs], seen, given);
    }
}
