namespace AdaQat.Tests.Runs;

/// <summary>An option that is a record of its own.</summary>
internal sealed record Pair(int Weights, int Activations);
