using AdaQat.Reports.Pages;

namespace AdaQat.Reports.Bits;

/// <summary>A part of a page with a column a width: weights above, inputs below.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Hint">What columns and colours say.</param>
/// <param name="Figures">Sums, each with its name.</param>
/// <param name="Columns">The widths.</param>
/// <param name="Note">What is to be known besides; null for nothing.</param>
internal sealed record BitsSection(
    string Title, string Hint, IReadOnlyList<BitsFigure> Figures, IReadOnlyList<BitsColumn> Columns, string? Note)
{
    /// <param name="kind">What tells it from other such parts of a page.</param>
    public PageSection On(string kind) => new(kind, this, "bits.js");
}
