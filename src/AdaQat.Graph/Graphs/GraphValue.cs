namespace AdaQat.Graph;

/// <summary>A tensor that flows through a graph: made by one node, read by any.</summary>
/// <param name="Id">Its number in the graph, 0 and more; no other value has it.</param>
/// <param name="Shape">The shape that it has when the inputs have theirs.</param>
public sealed record GraphValue(int Id, Shape Shape)
{
    /// <summary>As in a graph's text.</summary>
    /// <returns>For example <c>%3</c>.</returns>
    public override string ToString() => FormattableString.Invariant($"%{Id}");
}
