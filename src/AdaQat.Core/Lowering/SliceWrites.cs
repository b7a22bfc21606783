namespace AdaQat.Lowering;

/// <summary>
/// Refuses a write into a part of a tensor, or into a tensor of which a part is looked at: libtorch's tracer follows tensors, not the
/// memory that they share, and records it as if nobody else saw the change.
/// </summary>
internal static class SliceWrites
{
    private static readonly HashSet<string> Views =
    [
        "alias", "as_strided", "chunk", "contiguous", "detach", "diagonal", "dropout", "expand", "expand_as", "feature_dropout", "flatten",
        "ListUnpack", "movedim", "narrow", "permute", "reshape", "reshape_as", "select", "slice", "split", "split_with_sizes", "squeeze",
        "swapaxes", "swapdims", "t", "tensor_split", "to", "transpose", "unbind", "unflatten", "unfold", "unsqueeze", "view", "view_as",
    ];

    /// <param name="series">What was recorded.</param>
    /// <param name="needed">The operations that lead to an output: what they read counts.</param>
    /// <exception cref="CaptureException">There is one whose change would be seen.</exception>
    public static void Refuse(RecordingSeries series, IReadOnlyList<OperatorCall> needed)
    {
        var reads = needed.ToHashSet<OperatorCall>(ReferenceEqualityComparer.Instance);
        var memory = new Dictionary<string, string>();
        var isWritten = new Dictionary<string, OperatorCall>();
        var current = new Dictionary<string, HashSet<string>>();
        foreach (var call in series.Calls)
        {
            foreach (var read in call.Tensors.Where(_ => reads.Contains(call)))
            {
                RefuseStale(read.Name, call);
            }

            if (call.Arguments is not [TensorArgument source, ..])
            {
                continue;
            }

            var writes = IsWrite(call.Kind);
            if (writes && series.First.States.TryGetValue(source.Name, out var state))
            {
                throw new CaptureException(
                    call.Module, $"{call.Kind} writes into '{state.Name}', which a graph holds constant. Compute a new tensor instead.");
            }

            if (writes || Views.Contains(Bare(call.Kind)))
            {
                var home = Home(source.Name);
                foreach (var output in call.Outputs)
                {
                    memory[output.Name] = home;
                    SeenThere(home).Add(output.Name);
                }

                if (writes)
                {
                    // All who look at that memory see something else now than what the tracer thinks; the result alone is up to date.
                    foreach (var stale in SeenThere(home).Where(name => name != call.Outputs[0].Name))
                    {
                        isWritten[stale] = call;
                    }
                }
            }
        }

        foreach (var output in series.First.Outputs)
        {
            if (isWritten.TryGetValue(output, out var write))
            {
                throw Refusal(write, "a tensor that the model returns");
            }
        }

        string Home(string name) => memory.GetValueOrDefault(name, name);

        HashSet<string> SeenThere(string home)
        {
            if (!current.TryGetValue(home, out var names))
            {
                current.Add(home, names = [home]);
            }

            return names;
        }

        void RefuseStale(string name, OperatorCall reader)
        {
            if (isWritten.TryGetValue(name, out var write))
            {
                var where = reader.Module == write.Module ? "" : $" in '{reader.Module}'";
                throw Refusal(write, $"what {reader.Kind} reads afterwards{where}");
            }
        }
    }

    /// <summary>Without namespace and underscore.</summary>
    public static string Bare(string kind)
    {
        var name = kind[(kind.IndexOf("::", StringComparison.Ordinal) + 2)..];
        return IsWrite(kind) ? name[..^1] : name;
    }

    private static bool IsWrite(string kind) => kind.EndsWith('_') && !kind.EndsWith("__", StringComparison.Ordinal);

    private static CaptureException Refusal(OperatorCall write, string what) => new(
        write.Module, $"{write.Kind} writes into a part of a tensor, and so changes {what}, which libtorch's tracer does not see. "
        + "Compute a new tensor instead, with cat or where.");
}
