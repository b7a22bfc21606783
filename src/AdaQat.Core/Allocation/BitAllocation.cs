namespace AdaQat.Allocation;

/// <summary>Bits chosen within a budget.</summary>
internal sealed record BitAllocation(IReadOnlyList<int> Bits, double Cost, bool IsMet);
