namespace AdaQat.Allocation;

/// <summary>What one width may be, and what each choice is expected to lose.</summary>
/// <param name="Bits">The bits allowed, ascending; a single one is a fixed width.</param>
/// <param name="Losses">The loss expected at each of them; noise is allowed, more bits may lose more.</param>
internal sealed record WidthOptions(IReadOnlyList<int> Bits, IReadOnlyList<double> Losses);
