namespace AdaQat.Costs;

/// <summary>An activation in memory.</summary>
/// <param name="Elements">How many numbers, for one sample.</param>
/// <param name="Layer">The layer as whose input it is stored, at that layer's width; null where it is stored as float32.</param>
/// <param name="Born">The step that makes it.</param>
/// <param name="LastUsed">The last step that reads it.</param>
/// <param name="Moves">How often it goes from or to memory: once when it is made, and once for each step that reads it.</param>
internal sealed record LiveActivation(double Elements, string? Layer, int Born, int LastUsed, int Moves);
