namespace AdaQat.Graph;

/// <summary>How long memory for a value is needed.</summary>
/// <param name="Value">The value.</param>
/// <param name="Born">The step that makes it, 0 and more; of an input of the graph, the first.</param>
/// <param name="LastUsed">The last step that needs it; of an output of the graph, the last.</param>
/// <param name="Sharing">
/// Other values in the same memory, in the order of their making: views of it, and what was fused with it.
/// </param>
public sealed record ValueLifetime(GraphValue Value, int Born, int LastUsed, EquatableList<GraphValue> Sharing)
{
    /// <summary>Value, shape and steps.</summary>
    /// <returns>For example <c>%3 [1,16,32,32]: steps 2 to 5</c>.</returns>
    public override string ToString() => FormattableString.Invariant($"{Value} {Value.Shape}: steps {Born} to {LastUsed}");
}
