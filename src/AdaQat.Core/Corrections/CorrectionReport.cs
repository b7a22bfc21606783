namespace AdaQat;

/// <summary>What a correction did, layer by layer.</summary>
/// <param name="Correction">Which correction it was, in a word or two.</param>
/// <param name="Entries">The layers that it looked at, in the order of the network.</param>
/// <param name="Notes">What holds for the network as a whole, such as that ranges of inputs have to be calibrated anew.</param>
public sealed record CorrectionReport(
    string Correction, IReadOnlyList<CorrectionEntry> Entries, IReadOnlyList<string> Notes)
{
    /// <summary>The layers that changed.</summary>
    public IEnumerable<CorrectionEntry> Corrected => Entries.Where(entry => entry.IsCorrected);

    /// <summary>The layers that were left alone, and why.</summary>
    public IEnumerable<CorrectionEntry> LeftAlone => Entries.Where(entry => !entry.IsCorrected);

    /// <summary>A line for the whole, one for each layer, one for each note.</summary>
    /// <returns>The text; lines end with a line feed.</returns>
    public override string ToString() => string.Concat(
        Entries.Select(entry => $"  {entry}\n").Prepend($"{Correction}: {Corrected.Count()} of {Entries.Count} layers\n")
            .Concat(Notes.Select(note => $"  {note}\n")));
}
