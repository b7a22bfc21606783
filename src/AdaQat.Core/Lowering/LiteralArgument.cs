namespace AdaQat.Lowering;

/// <summary>What is the same in all recordings.</summary>
/// <param name="Value">A <see cref="double"/>, a <see cref="bool"/>, a <see cref="string"/>, or null where nothing is given.</param>
internal sealed record LiteralArgument(object? Value) : Argument;
