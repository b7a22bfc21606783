using System.Globalization;

namespace AdaQat.Summaries;

/// <summary>A line of a <see cref="ModelSummary"/>: residual sums whose operands share one grid.</summary>
/// <param name="Name">The first sum's node in the graph.</param>
/// <param name="Bits">The width of the operands' codes.</param>
/// <param name="Operands">Where they are quantized.</param>
/// <param name="Quantizer">What their quantizer says of how, or null.</param>
internal sealed record JoinSummary(string Name, int Bits, IReadOnlyList<string> Operands, string? Quantizer)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"sum '{Name}': operands of {Bits} bits{(Quantizer is null ? "" : $" ({Quantizer})")}: {string.Join(", ", Operands)}");
}
