namespace AdaQat.Lowering;

/// <summary>A draft of a graph.</summary>
/// <param name="Nodes">All nodes, each behind those that it reads.</param>
/// <param name="Outputs">What goes out, by name.</param>
/// <param name="ModuleOutputs">
/// What each call of a module returned, in the order in which the calls ended; null where no operator of the graph made it.
/// </param>
/// <param name="ModuleInputs">The same of what calls of modules of one tensor were given, in the order in which they began.</param>
internal sealed record LoweredModel(
    IReadOnlyList<DraftNode> Nodes,
    IReadOnlyList<(string Name, DraftValue Value)> Outputs,
    IReadOnlyList<(string Module, DraftValue? Value)> ModuleOutputs,
    IReadOnlyList<(string Module, DraftValue? Value)> ModuleInputs);
