namespace AdaQat.Sensitivity;

/// <summary>Sums over the batches that are done, of the model in float.</summary>
/// <param name="Samples">Samples.</param>
/// <param name="Loss">The loss, times samples.</param>
/// <param name="Correct">Samples that are right; NaN where that is not counted.</param>
/// <param name="OutputSquares">Squares of the output.</param>
/// <param name="OutputElements">Elements of the output.</param>
internal sealed record SensitivityBaseline(long Samples, double Loss, double Correct, double OutputSquares, long OutputElements)
{
    public static SensitivityBaseline Zero { get; } = new(0, 0, 0, 0, 0);

    public static SensitivityBaseline operator +(SensitivityBaseline a, SensitivityBaseline b) => new(
        a.Samples + b.Samples, a.Loss + b.Loss, a.Correct + b.Correct, a.OutputSquares + b.OutputSquares,
        a.OutputElements + b.OutputElements);
}
