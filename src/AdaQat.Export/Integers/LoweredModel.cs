using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>A compiled model, and where it has the codes of the graph's quantizers.</summary>
/// <param name="Model">The model.</param>
/// <param name="Codes">By the quantizer's name: the node, which axis of the graph's value each of its axes is, and the grid.</param>
internal sealed record LoweredModel(
    IntegerModel Model, IReadOnlyDictionary<string, (string Node, EquatableList<int> Order, CodeGrid Grid)> Codes);
