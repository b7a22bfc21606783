namespace AdaQat.Search.Costs;

/// <summary>
/// The loss that draws a cost to its target (TAS): −log E where the network that α prefers is more than 5 % below it, +log E where it is
/// above, 0 between; E is what it costs on average.
/// </summary>
/// <param name="cost">The cost.</param>
/// <param name="target">Its target.</param>
internal sealed class CostPressure(ExpectedCost cost, double target)
{
    /// <summary>How far below the target there is no pressure.</summary>
    public const double Tolerance = 0.05;

    /// <summary>The loss, and its derivative by each probability.</summary>
    /// <param name="probabilities">softmax(α) of each group.</param>
    /// <param name="preferred">The candidate of each group that α prefers.</param>
    public (double Loss, double[][] Gradient) At(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> preferred)
    {
        var (expected, gradient) = cost.At(probabilities);
        var now = cost.At(preferred);
        var direction = now > target ? 1 : now < target * (1 - Tolerance) ? -1 : 0;
        foreach (var row in gradient)
        {
            for (var place = 0; place < row.Length; place++)
            {
                row[place] *= direction / expected;
            }
        }

        return (direction * Math.Log(expected), gradient);
    }
}
