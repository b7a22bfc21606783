using AdaQat.Search.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Expanding;

/// <summary>
/// A network that has grown: built anew with more candidates, it goes on from where the one before stood. What is old is carried over by
/// name and slice, so at its old candidates it computes what it computed. What is new begins as <see cref="NewChannels"/> and
/// <see cref="NewAlpha"/> say.
/// </summary>
internal static class Expansion
{
    /// <summary>Carries everything over.</summary>
    /// <param name="from">The network before.</param>
    /// <param name="old">Its optimizers.</param>
    /// <param name="to">The new one; where a group has grown, it has one candidate more.</param>
    /// <param name="optimizers">Its optimizers.</param>
    /// <param name="options">How what is new begins.</param>
    public static void Carry(
        SearchNetwork from, SearchOptimizers old, SearchNetwork to, SearchOptimizers optimizers, ChannelSearchOptions options)
    {
        var moved = Moved(from, to);
        var fresh = options.NewChannels == NewChannels.FreshNorms ? moved.Values.ToHashSet(StringComparer.Ordinal) : [];
        var state = from.state_dict();
        var alphas = Enumerable.Range(0, from.Alphas.Count).Select(AlphaName).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, target) in to.state_dict().Where(s => !alphas.Contains(s.Key) && !fresh.Contains(s.Key)))
        {
            var source = state[moved.GetValueOrDefault(name, name)];
            WeightSlices.Fill(target, source);
            if (options.NewChannels == NewChannels.Repeated && source.dim() > 0)
            {
                RepeatOutputs(target, source.shape);
            }
        }

        var momenta = old.Momenta();
        var parameters = to.Weights().ToDictionary(w => w.Name, w => w.Parameter, StringComparer.Ordinal);
        optimizers.SetMomenta(name => momenta.TryGetValue(moved.GetValueOrDefault(name, name), out var momentum)
            ? Grown(momentum, parameters[name].shape, isFresh: fresh.Contains(name)) : null);
        CarryAlphas(from, old, to, optimizers, options.NewAlpha);
    }

    private static void CarryAlphas(
        SearchNetwork from, SearchOptimizers old, SearchNetwork to, SearchOptimizers optimizers, NewAlpha newAlpha)
    {
        foreach (var (group, (before, after)) in from.Alphas.Zip(to.Alphas).Index())
        {
            var (theirs, mine) = (old.ChannelStates()[group], optimizers.ChannelStates()[group]);
            mine.step = theirs.step;
            var values = before.data<double>().ToArray();
            if (newAlpha == NewAlpha.Even)
            {
                // e^α of an even share is the mean of the others'. It has not moved yet, so Adam's moments are 0, as they begin.
                Append(after, before, values.Max() + Math.Log(values.Average(value => Math.Exp(value - values.Max()))));
                WeightSlices.Fill(mine.exp_avg, theirs.exp_avg);
                WeightSlices.Fill(mine.exp_avg_sq, theirs.exp_avg_sq);
            }
            else
            {
                Append(after, before, values[^1]);
                Append(mine.exp_avg, theirs.exp_avg, theirs.exp_avg.data<double>()[values.Length - 1]);
                Append(mine.exp_avg_sq, theirs.exp_avg_sq, theirs.exp_avg_sq.data<double>()[values.Length - 1]);
            }
        }
    }

    private static string AlphaName(int place) => FormattableString.Invariant($"alpha_{place}");

    /// <summary>
    /// Where the state of a name comes from that has another now: the widest candidate's batch normalisations were the module's own, and
    /// are one of the narrower ones where the group has grown.
    /// </summary>
    private static Dictionary<string, string> Moved(SearchNetwork from, SearchNetwork to)
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

        return moved;
    }

    private static Tensor Grown(Tensor momentum, long[] shape, bool isFresh)
    {
        var grown = zeros(shape, dtype: momentum.dtype, device: momentum.device);
        if (!isFresh)
        {
            WeightSlices.Fill(grown, momentum);
        }

        return grown;
    }

    /// <summary>New outputs are the old ones from the first on, as far as they read what was there before.</summary>
    private static void RepeatOutputs(Tensor target, long[] before)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var part = target;
        for (var axis = 1; axis < before.Length; axis++)
        {
            part = part.narrow(axis, 0, before[axis]);
        }

        for (var at = before[0]; at < target.shape[0]; at += before[0])
        {
            var count = Math.Min(before[0], target.shape[0] - at);
            part.narrow(0, at, count).copy_(part.narrow(0, 0, count));
        }
    }

    /// <summary>What was there, and where there is one more, a number behind it.</summary>
    private static void Append(Tensor target, Tensor source, double last)
    {
        WeightSlices.Fill(target, source);
        if (target.shape[0] > source.shape[0])
        {
            using var noGradient = no_grad();
            using var place = target[^1];
            using var number = tensor(last);
            place.copy_(number);
        }
    }
}
