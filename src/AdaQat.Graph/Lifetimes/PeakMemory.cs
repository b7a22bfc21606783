namespace AdaQat.Graph;

/// <summary>The step of a graph that needs most memory for activations.</summary>
/// <param name="Amount">How much: elements or bits, whatever was counted.</param>
/// <param name="Node">The node of that step; the first of several.</param>
/// <param name="Live">What needs memory in it.</param>
public sealed record PeakMemory(long Amount, GraphNode Node, EquatableList<ValueLifetime> Live);
