using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>A graph with what modules returned.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="ModuleOutputs">
/// What each call of a module returned, in the order in which the calls ended; null where it is not in the graph.
/// </param>
/// <param name="ModuleInputs">The same of what calls of modules of one tensor were given, in the order in which they began.</param>
internal sealed record EmittedGraph(
    ModelGraph Graph, IReadOnlyList<(string Module, GraphValue? Value)> ModuleOutputs,
    IReadOnlyList<(string Module, GraphValue? Value)> ModuleInputs);
