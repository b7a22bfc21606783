using AdaQat.Search.Costs;
using AdaQat.Search.Sampling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Searching;

/// <summary>What multiplications and parameters add to the loss of α.</summary>
internal static class ChannelCostLoss
{
    /// <summary>A number whose derivative by α is that of the losses of the costs; the number itself says nothing.</summary>
    /// <param name="alphas">α of each group.</param>
    /// <param name="preferred">The place of each group's preferred candidate.</param>
    /// <param name="costs">Each cost with its target, null for none, and the weight of its loss.</param>
    public static Tensor Of(
        IReadOnlyList<Parameter> alphas, IReadOnlyList<int> preferred,
        params ReadOnlySpan<(ExpectedCost Cost, double? Target, double Weight)> costs)
    {
        var probabilities = alphas.Select(PairSampler.Probabilities).ToList();
        var pressures = new List<double[][]>();
        foreach (var (cost, target, weight) in costs)
        {
            if (target is { } wanted)
            {
                pressures.Add(new CostPressure(cost, wanted, weight).At(probabilities, preferred).Gradient);
            }
        }

        var sum = zeros([], dtype: ScalarType.Float64, device: alphas[0].device);
        foreach (var (group, alpha) in alphas.Index())
        {
            var byProbability = probabilities[group].Select((_, place) => pressures.Sum(p => p[group][place])).ToArray();
            // Of softmax: ∂/∂α = p · (∂/∂p − Σ p · ∂/∂p).
            var mean = byProbability.Zip(probabilities[group], (d, p) => d * p).Sum();
            var byAlpha = byProbability.Zip(probabilities[group], (d, p) => p * (d - mean)).ToArray();
            sum = sum + (alpha * tensor(byAlpha, device: alpha.device)).sum();
        }

        return sum;
    }
}
