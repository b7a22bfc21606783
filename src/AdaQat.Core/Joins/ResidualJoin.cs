using AdaQat.Lowering;

namespace AdaQat.Joins;

/// <summary>One or more residual sums whose operands are to share a grid, and where each operand can be quantized.</summary>
/// <param name="Name">The first sum's node in the graph.</param>
/// <param name="Module">The module that computes it; empty for the model itself.</param>
/// <param name="Boundaries">Where operands cross the boundary of a module, each once.</param>
internal sealed record ResidualJoin(string Name, string Module, IReadOnlyList<ModuleBoundary> Boundaries);
