namespace AdaQat;

/// <summary>One figure of a network in float and quantized, in words.</summary>
/// <param name="Name">What it is, with its unit where it has one of its own.</param>
/// <param name="InFloat">In float.</param>
/// <param name="Quantized">At the bits in force.</param>
/// <param name="Change">What became of it; empty where that says nothing.</param>
public sealed record EvaluationRow(string Name, string InFloat, string Quantized, string Change)
{
    /// <summary>Of sizes and costs, what is left of the float network's, 0.25 for a quarter; null of all other figures.</summary>
    public double? Share { get; init; }
}
