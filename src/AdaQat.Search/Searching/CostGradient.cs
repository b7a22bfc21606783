using AdaQat.Search.Costs;
using AdaQat.Search.Sampling;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Searching;

/// <summary>What the losses of multiplications and parameters add to the gradient of α.</summary>
/// <remarks>
/// In proportion to what is there already: each cost's gradient gets the norm of the task's, times its weight. The task's is some hundred
/// times smaller than that of log E, and Adam divides by what it has seen: after a few steps of plain pressure it would hardly heed the
/// task any more.
/// </remarks>
internal static class CostGradient
{
    /// <param name="alphas">α of each group, with the gradient of the task's loss.</param>
    /// <param name="preferred">The place of each group's preferred candidate.</param>
    /// <param name="costs">Each cost with its target, null for none, and the weight of its loss.</param>
    public static void AddTo(
        IReadOnlyList<Parameter> alphas, IReadOnlyList<int> preferred,
        params ReadOnlySpan<(ExpectedCost Cost, double? Target, double Weight)> costs)
    {
        var probabilities = alphas.Select(PairSampler.Probabilities).ToList();
        var task = Norm(alphas.Select(alpha => alpha.grad?.data<double>().ToArray() ?? []));
        foreach (var (cost, target, weight) in costs)
        {
            if (target is not { } wanted)
            {
                continue;
            }

            var byProbability = new CostPressure(cost, wanted).At(probabilities, preferred).Gradient;
            var byAlpha = byProbability.Zip(probabilities, OfSoftmax).ToList();
            var norm = Norm(byAlpha);
            if (norm > 0)
            {
                Add(alphas, byAlpha, weight * task / norm);
            }
        }
    }

    /// <summary>∂/∂α = p · (∂/∂p − Σ p · ∂/∂p).</summary>
    private static double[] OfSoftmax(double[] byProbability, double[] probabilities)
    {
        var mean = byProbability.Zip(probabilities, (d, p) => d * p).Sum();
        return [.. byProbability.Zip(probabilities, (d, p) => p * (d - mean))];
    }

    private static double Norm(IEnumerable<double[]> rows) => Math.Sqrt(rows.Sum(row => row.Sum(v => v * v)));

    private static void Add(IReadOnlyList<Parameter> alphas, List<double[]> rows, double factor)
    {
        foreach (var (alpha, row) in alphas.Zip(rows))
        {
            using var addend = tensor(Array.ConvertAll(row, v => v * factor), device: alpha.device);
            if (alpha.grad is { } gradient)
            {
                gradient.AddInPlace(addend);
            }
            else
            {
                alpha.grad = addend;
            }
        }
    }
}
