namespace AdaQat;

/// <summary>What a correction did to a layer, or why it left it alone.</summary>
/// <param name="Layer">The layer's name in the model; empty for the model itself.</param>
/// <param name="IsCorrected">Whether anything of it changed.</param>
/// <param name="What">What was done, or why nothing was.</param>
public sealed record CorrectionEntry(string Layer, bool IsCorrected, string What)
{
    /// <inheritdoc/>
    public override string ToString() => IsCorrected ? $"{Layer}: {What}" : $"{Layer}: left alone: {What}";
}
