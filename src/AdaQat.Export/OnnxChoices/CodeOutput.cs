namespace AdaQat.Export;

/// <summary>An output of a file that has the codes of a quantizer.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Shift">What is added to a code of the grid to make the number that is handed out.</param>
/// <param name="Allowances">
/// By how much the form itself moves what is quantized, by channel along axis 1: half a step of the sums where a bias is rounded to it.
/// Empty where it moves nothing.
/// </param>
internal sealed record CodeOutput(string Output, long Shift, IReadOnlyList<double> Allowances);
