namespace AdaQat.Runtime;

/// <summary>What a model's file takes, in bytes.</summary>
/// <param name="File">The whole file.</param>
/// <param name="WeightCodes">Codes of weights in it, packed.</param>
/// <param name="Tables">Tables in it: thresholds, and what lookups read.</param>
/// <param name="Islands">Graphs of parts in float in it.</param>
public sealed record ModelBytes(long File, long WeightCodes, long Tables, long Islands);
