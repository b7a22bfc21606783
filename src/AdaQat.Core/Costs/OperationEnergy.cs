namespace AdaQat;

/// <summary>The energy of one operation on operands of a width.</summary>
/// <param name="Bits">The width of the operands, 1 and more.</param>
/// <param name="Picojoules">The energy, above 0, in pJ.</param>
public sealed record OperationEnergy(int Bits, double Picojoules);
