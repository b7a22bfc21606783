namespace AdaQat.Lowering;

/// <summary>Which operation of TorchScript becomes what in a graph.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, Action<CallLowering>> Known = new(
    [
        .. LayerLowering.Operations,
        .. PointwiseLowering.Operations,
        .. NormalizationLowering.Operations,
        .. PoolingLowering.Operations,
        .. ShapeLowering.Operations,
        .. PartLowering.Operations,
        .. ResizeLowering.Operations,
        .. FactoryLowering.Operations,
    ]);

    /// <summary>Puts an operation into the draft.</summary>
    /// <exception cref="CaptureException">A graph has nothing for it.</exception>
    /// <exception cref="SizeDependenceException">It was given a size where a graph has a fixed number.</exception>
    public static void Lower(CallLowering call)
    {
        var kind = call.Call.Kind;
        var name = Unspecial(SliceWrites.Bare(kind));
        if (!Known.TryGetValue(name, out var lower) || !(kind.StartsWith("aten::", StringComparison.Ordinal) || name == "ListUnpack"))
        {
            throw call.Refusal("a graph has no such operator");
        }

        lower(call);
    }

    /// <summary>Some have a second name, as <c>special_log_softmax</c>.</summary>
    private static string Unspecial(string name) =>
        name.StartsWith("special_", StringComparison.Ordinal) ? name["special_".Length..] : name;
}
