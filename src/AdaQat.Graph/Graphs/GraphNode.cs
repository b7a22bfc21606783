namespace AdaQat.Graph;

/// <summary>An operator in a graph: what it reads and what it makes.</summary>
/// <param name="Name">The node's own name; no other node has it. That of an input, an output or a constant is theirs.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="Inputs">The values that it reads, in the operator's order.</param>
/// <param name="Outputs">The values that it makes: one for most operators, several for a split, none for an output.</param>
/// <param name="Module">
/// The name of the module in the model that it came from, such as <c>layer1.0.conv1</c>; of the model itself it is empty.
/// </param>
public sealed record GraphNode(
    string Name, GraphOperator Operator, EquatableList<GraphValue> Inputs, EquatableList<GraphValue> Outputs, string Module = "")
{
    /// <summary>The value that it makes.</summary>
    /// <exception cref="InvalidOperationException">It makes none, or several.</exception>
    public GraphValue Output => Outputs.Count == 1 ? Outputs[0] : throw new InvalidOperationException(
        $"Node '{Name}' ({Operator.Name}) makes {Outputs.Count} values; Outputs has them.");

    /// <summary>Name and operator.</summary>
    /// <returns>For example <c>layer1.0.conv1: conv2d(stride=1, padding=1)</c>.</returns>
    public override string ToString() => $"{Name}: {Operator}";
}
