namespace AdaQat.Lowering;

/// <summary>A list.</summary>
/// <param name="Items">What is in it.</param>
internal sealed record ListArgument(IReadOnlyList<Argument> Items) : Argument;
