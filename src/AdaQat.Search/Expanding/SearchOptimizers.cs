using AdaQat.Search.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Expanding;

/// <summary>The optimizers of a search: SGD of the weights, Adam of α.</summary>
internal sealed class SearchOptimizers : IDisposable
{
    private readonly IReadOnlyList<string> _names;

    public SearchOptimizers(SearchNetwork network, ChannelSearchOptions options)
    {
        var weights = network.Weights().ToList();
        _names = weights.ConvertAll(w => w.Name);
        Weights = optim.SGD(
            weights.Select(w => w.Parameter).ToList(), options.LearningRate, momentum: options.Momentum,
            weight_decay: options.WeightDecay);
        if (network.Widths.Candidates.Any(candidates => candidates.Count > 1))
        {
            GiveGradients(weights.Select(w => w.Parameter));
        }

        Channels = optim.Adam(network.Alphas.ToList(), options.ChannelLearningRate, beta1: 0.5, beta2: 0.999);
    }

    public SGD Weights { get; }

    public Adam Channels { get; }

    public IReadOnlyList<(string Name, optim.Optimizer Optimizer)> Named => [("weights", Weights), ("channels", Channels)];

    /// <summary>The momentum of each weight that has one, by the weight's name.</summary>
    public IReadOnlyDictionary<string, Tensor> Momenta() => _names.Zip(Weights.state_dict().State.Cast<SGD.State>())
        .Where(s => s.Second.momentum_buffer is not null)
        .ToDictionary(s => s.First, s => s.Second.momentum_buffer, StringComparer.Ordinal);

    /// <summary>Gives a weight its momentum.</summary>
    public void SetMomenta(Func<string, Tensor?> momentumOf)
    {
        foreach (var (name, state) in _names.Zip(Weights.state_dict().State.Cast<SGD.State>()))
        {
            if (momentumOf(name) is { } momentum)
            {
                state.momentum_buffer?.Dispose();
                state.momentum_buffer = momentum.DetachFromDisposeScope();
            }
        }
    }

    /// <summary>What Adam keeps of each α.</summary>
    public IReadOnlyList<Adam.State> ChannelStates() => [.. Channels.state_dict().State.Cast<Adam.State>()];

    public void Dispose()
    {
        Weights.Dispose();
        Channels.Dispose();
    }

    /// <summary>
    /// What was not drawn yet has a gradient of zero, as it has ever after: an optimizer passes by what has none, and a search that is
    /// resumed would part from the uninterrupted one.
    /// </summary>
    private static void GiveGradients(IEnumerable<Parameter> weights)
    {
        foreach (var weight in weights.Where(w => w.requires_grad))
        {
            using var zero = zeros_like(weight);
            weight.grad = zero;
        }
    }
}
