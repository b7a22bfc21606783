namespace AdaQat.Export;

/// <summary>An output of a file that has the codes of a quantizer.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Shift">What is added to a code of the grid to make the number that is handed out.</param>
/// <param name="Moves">
/// How the form itself moves what is quantized, by channel along axis 1, or altogether; empty where it does not.
/// </param>
internal sealed record CodeOutput(string Output, long Shift, IReadOnlyList<CodeMove> Moves);
