namespace AdaQat;

/// <summary>The bits that a plan gives a width.</summary>
/// <param name="Name">The width's name: <see cref="BitWidth.Name"/>.</param>
/// <param name="Target">Whether it is one of weights or of inputs.</param>
/// <param name="Layers">The names of the layers that it serves.</param>
/// <param name="Bits">The bits.</param>
/// <param name="Loss">What they are expected to lose, by the plan's measure.</param>
public sealed record PlannedWidth(string Name, QuantizerTarget Target, IReadOnlyList<string> Layers, int Bits, double Loss);
