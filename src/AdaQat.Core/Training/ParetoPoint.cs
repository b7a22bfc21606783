namespace AdaQat.Training;

/// <summary>A checkpoint on the front of a run.</summary>
/// <param name="Epoch">After which epoch it was written, from 1.</param>
/// <param name="Step">After which step.</param>
/// <param name="Accuracy">The share of the test data that was right, 0 to 1: more is better.</param>
/// <param name="Cost">The hardware cost in its own unit, such as bit operations: less is better.</param>
/// <param name="WeightBits">The mean width of all weights, in bits.</param>
/// <param name="ActivationBits">The mean width of all elements of layer inputs, in bits.</param>
/// <param name="File">The checkpoint's file name, without a folder.</param>
internal sealed record ParetoPoint(
    int Epoch, int Step, double Accuracy, double Cost, double WeightBits, double ActivationBits, string File)
{
    /// <summary>
    /// Whether this point is at least as accurate as <paramref name="other"/> and costs no more: the other one is then not needed.
    /// </summary>
    public bool Dominates(ParetoPoint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Accuracy >= other.Accuracy && Cost <= other.Cost;
    }
}
