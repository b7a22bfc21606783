namespace AdaQat;

/// <summary>The time of a layer by a table, and how sure that is.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Microseconds">The time of all its calls in one inference, in µs.</param>
/// <param name="Origin">How the table knows.</param>
/// <param name="Source">The shape of the table that was read.</param>
public sealed record LatencyEstimate(string Layer, double Microseconds, LatencyOrigin Origin, LayerShape Source);
