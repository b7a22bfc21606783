namespace AdaQat.Costs;

/// <summary>An activation in memory.</summary>
/// <param name="Elements">How many numbers, for one sample.</param>
/// <param name="Layer">The layer as whose input it is stored, at that layer's width; null where its width is fixed.</param>
/// <param name="FixedBits">Its width where no layer gives it one: that of a residual sum's operands, or float32's.</param>
/// <param name="Born">The step that makes it.</param>
/// <param name="LastUsed">The last step that reads it.</param>
/// <param name="Moves">How often it goes from or to memory: once when it is made, and once for each step that reads it.</param>
internal sealed record LiveActivation(double Elements, string? Layer, int FixedBits, int Born, int LastUsed, int Moves);
