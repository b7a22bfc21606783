namespace AdaQat.Reports.Bits;

/// <summary>A number above the columns.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number; the page shortens it.</param>
/// <param name="Suffix">What is said behind it.</param>
internal sealed record BitsFigure(string Name, double Value, string Suffix = "");
