using AdaQat.Search.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Expanding;

/// <summary>
/// A network that has grown: built anew with more candidates, it goes on from where the one before stood. What is old is carried over by
/// name and slice, so at its old candidates it computes what it computed. New weights are the builder's own; the new candidate's α is that
/// of the widest before it, and so are the first channels of its batch normalisations.
/// </summary>
internal static class Expansion
{
    /// <summary>Carries everything over.</summary>
    /// <param name="from">The network before.</param>
    /// <param name="old">Its optimizers.</param>
    /// <param name="to">The new one; where a group has grown, it has one candidate more.</param>
    /// <param name="optimizers">Its optimizers.</param>
    public static void Carry(SearchNetwork from, SearchOptimizers old, SearchNetwork to, SearchOptimizers optimizers)
    {
        var source = Sources(from, to);
        var state = from.state_dict();
        var alphas = Enumerable.Range(0, from.Alphas.Count).Select(AlphaName).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, target) in to.state_dict().Where(s => !alphas.Contains(s.Key)))
        {
            WeightSlices.Fill(target, state[source(name)]);
        }

        var momenta = old.Momenta();
        var parameters = to.Weights().ToDictionary(w => w.Name, w => w.Parameter, StringComparer.Ordinal);
        optimizers.SetMomenta(name => momenta.TryGetValue(source(name), out var momentum) ? Grown(momentum, parameters[name].shape) : null);
        foreach (var (group, (before, after)) in from.Alphas.Zip(to.Alphas).Index())
        {
            Repeat(after, before);
            var (theirs, mine) = (old.ChannelStates()[group], optimizers.ChannelStates()[group]);
            mine.step = theirs.step;
            Repeat(mine.exp_avg, theirs.exp_avg);
            Repeat(mine.exp_avg_sq, theirs.exp_avg_sq);
        }
    }

    private static string AlphaName(int place) => FormattableString.Invariant($"alpha_{place}");

    /// <summary>
    /// Where the state of a name comes from: the widest candidate's batch normalisations were the module's own, and are one of the narrower
    /// ones where the group has grown.
    /// </summary>
    private static Func<string, string> Sources(SearchNetwork from, SearchNetwork to)
    {
        var moved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (norm, candidates) in to.NarrowerNorms)
        {
            var before = from.NarrowerNorms[norm].Count;
            if (candidates.Count > before)
            {
                var place = SearchNetwork.NormName(norm, before);
                foreach (var (part, _) in candidates[before].state_dict())
                {
                    moved[$"{place}.{part}"] = $"model.{norm}.{part}";
                }
            }
        }

        return name => moved.GetValueOrDefault(name, name);
    }

    private static Tensor Grown(Tensor momentum, long[] shape)
    {
        var grown = zeros(shape, dtype: momentum.dtype, device: momentum.device);
        WeightSlices.Fill(grown, momentum);
        return grown;
    }

    /// <summary>What was there, and where there is one more, the last once more.</summary>
    private static void Repeat(Tensor target, Tensor source)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        WeightSlices.Fill(target, source);
        if (target.shape[0] > source.shape[0])
        {
            target[^1].copy_(source[^1]);
        }
    }
}
