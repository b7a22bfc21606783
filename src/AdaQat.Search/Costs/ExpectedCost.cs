using AdaQat.Search.Spaces;

namespace AdaQat.Search.Costs;

/// <summary>What a network costs on average where each group's candidate is drawn by its probabilities, and the derivative.</summary>
/// <param name="terms">The parts of the cost.</param>
/// <param name="candidates">For each group its numbers of channels.</param>
internal sealed class ExpectedCost(IReadOnlyList<CostTerm> terms, IReadOnlyList<IReadOnlyList<int>> candidates)
{
    /// <summary>
    /// E = Σ factor · Π E[sizes of one group]: groups are drawn independently, and sizes that follow from one group together.
    /// </summary>
    /// <param name="probabilities">For each group one number for each candidate, with the sum 1.</param>
    /// <returns>E, and ∂E/∂ each probability.</returns>
    public (double Value, double[][] Gradient) At(IReadOnlyList<double[]> probabilities)
    {
        var value = 0.0;
        var gradient = probabilities.Select(p => new double[p.Length]).ToArray();
        foreach (var term in terms)
        {
            var factors = term.Sizes.GroupBy(size => size.Group).Select(g => (Group: g.Key, Sizes: SizesOf(g))).ToList();
            var means = factors.ConvertAll(f => f.Sizes.Zip(probabilities[f.Group], (size, p) => size * p).Sum());
            value += means.Aggregate(term.Factor, (product, mean) => product * mean);
            foreach (var (place, (group, sizes)) in factors.Index())
            {
                var others = means.Where((_, other) => other != place).Aggregate(term.Factor, (product, mean) => product * mean);
                for (var candidate = 0; candidate < sizes.Length; candidate++)
                {
                    gradient[group][candidate] += others * sizes[candidate];
                }
            }
        }

        return (value, gradient);
    }

    /// <summary>At one candidate of each group.</summary>
    public double At(IReadOnlyList<int> chosen)
    {
        var channels = chosen.Zip(candidates, (choice, numbers) => numbers[choice]).ToList();
        return terms.Sum(term => term.At(channels));
    }

    private double[] SizesOf(IEnumerable<(int Group, SizeRule Rule)> sizes)
    {
        var rules = sizes.ToList();
        return [.. candidates[rules[0].Group].Select(channels => rules.Aggregate(1.0, (product, r) => product * r.Rule.At(channels)))];
    }
}
