namespace AdaQat.Sensitivity;

/// <summary>Sums over samples and elements of one choice, from which its row follows.</summary>
/// <param name="Loss">The loss, times samples.</param>
/// <param name="Correct">Samples that are right; NaN where that is not counted.</param>
/// <param name="OutputError">Squares of what the network's output is off by.</param>
/// <param name="Signal">Squares of the weight or the input.</param>
/// <param name="Noise">Squares of what quantizing changes of it.</param>
internal sealed record SensitivitySums(double Loss, double Correct, double OutputError, double Signal, double Noise)
{
    public static SensitivitySums Zero { get; } = new(0, 0, 0, 0, 0);

    public static SensitivitySums operator +(SensitivitySums a, SensitivitySums b) => new(
        a.Loss + b.Loss, a.Correct + b.Correct, a.OutputError + b.OutputError, a.Signal + b.Signal, a.Noise + b.Noise);
}
