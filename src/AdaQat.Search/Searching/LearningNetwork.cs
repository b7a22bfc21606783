using AdaQat.Search.Costs;
using AdaQat.Search.Expanding;
using AdaQat.Search.Networks;
using AdaQat.Search.Sampling;
using AdaQat.Search.Spaces;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Search.Searching;

/// <summary>
/// A search's network at certain candidates, with the optimizers that move it. Where layers grow, another takes its place.
/// </summary>
internal sealed class LearningNetwork : IDisposable
{
    private readonly SearchSpace _space;
    private readonly Tensor _example;
    private readonly ChannelSearchOptions _options;

    /// <param name="space">What can vary.</param>
    /// <param name="candidates">For each group its numbers of channels, ascending.</param>
    /// <param name="example">An input; the caller's.</param>
    /// <param name="options">The search's choices.</param>
    public LearningNetwork(
        SearchSpace space, IReadOnlyList<IReadOnlyList<int>> candidates, Tensor example, ChannelSearchOptions options)
    {
        (_space, _example, _options, Candidates) = (space, example, options, candidates);
        Network = new SearchNetwork(space, candidates, example, options.Scheme, options.Mixing);
        Optimizers = new SearchOptimizers(Network, options);
        Macs = new ExpectedCost(space.Costs.Macs, candidates);
        Parameters = new ExpectedCost(space.Costs.Parameters, candidates);
    }

    public SearchNetwork Network { get; }

    public SearchOptimizers Optimizers { get; }

    public IReadOnlyList<IReadOnlyList<int>> Candidates { get; }

    public ExpectedCost Macs { get; }

    public ExpectedCost Parameters { get; }

    /// <summary>Whether any group has more than one candidate.</summary>
    public bool Chooses => Candidates.Any(candidates => candidates.Count > 1);

    /// <summary>
    /// α from N(0, 0.01²), by the search's own stream, so that torch's generator stays the weights'; the candidate that is the default, or
    /// nearest to it, begins a little higher, so that the preferred network is the builder's own at first.
    /// </summary>
    public void BeginAlphas()
    {
        using var noGradient = no_grad();
        foreach (var (place, alpha) in Network.Alphas.Index())
        {
            var usual = _space.Groups[place].Default;
            var nearest = Candidates[place].Index().MinBy(c => Math.Abs(c.Item - usual)).Index;
            using var start = tensor(AlphaStart.Of(_options.Seed, place, Candidates[place].Count, nearest));
            alpha.copy_(start);
        }
    }

    /// <summary>Where the channels of each group stand.</summary>
    public IReadOnlyList<GroupReading> Readings()
    {
        var preferred = Network.Preferred();
        return [.. _space.Groups.Select((group, place) => new GroupReading(
            group.Name, group.Default, Candidates[place], PairSampler.Probabilities(Network.Alphas[place]),
            Network.Alphas[place].data<double>().ToArray(), Candidates[place][preferred[place]]))];
    }

    /// <summary>One with more candidates that goes on from where this one stands.</summary>
    /// <param name="growing">The groups that grow, with their new widest candidate.</param>
    public LearningNetwork Grown(IReadOnlyDictionary<string, int> growing)
    {
        var grown = new LearningNetwork(
            _space,
            [.. _space.Groups.Zip(Candidates, (group, before) =>
                growing.TryGetValue(group.Name, out var more) ? (IReadOnlyList<int>)[.. before, more] : before)],
            _example, _options);
        Expansion.Carry(Network, Optimizers, grown.Network, grown.Optimizers, _options);
        return grown;
    }

    /// <summary>The preferred network of its own, by the user's builder.</summary>
    /// <param name="plan">The preferred channels.</param>
    /// <param name="withSearchedWeights">Whether it gets the weights of this one.</param>
    public DerivedNetwork Derived(ChannelPlan plan, bool withSearchedWeights)
    {
        var model = _space.Build([.. Readings().Select(reading => reading.Preferred)]);
        QuantizedModel? quantized = null;
        try
        {
            NetworkBuilder.MoveTo(model, _example.device);
            quantized = _options.Scheme is { } scheme ? QuantizedModel.Attach(model, _example, scheme) : null;
            if (withSearchedWeights)
            {
                WeightSlices.Derive(Network, Network.Preferred(), model);
            }

            return new DerivedNetwork(plan, model, quantized);
        }
        catch
        {
            quantized?.Dispose();
            model.Dispose();
            throw;
        }
    }

    public void Save(string path, TrainingProgress progress)
    {
        if (Network.Quantized is { } quantized)
        {
            Checkpoint.Save(path, quantized, Optimizers.Named, progress: progress);
        }
        else
        {
            Checkpoint.Save(path, Network, Optimizers.Named, progress);
        }
    }

    public TrainingProgress Resume(string path) => Network.Quantized is { } quantized
        ? Checkpoint.Resume(path, quantized, Optimizers.Named)
        : Checkpoint.Resume(path, Network, Optimizers.Named);

    public void Dispose()
    {
        Optimizers.Dispose();
        Network.Dispose();
    }
}
