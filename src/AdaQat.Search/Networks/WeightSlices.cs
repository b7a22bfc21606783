using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>Carries what a network has learned to one of other widths, by name and slice.</summary>
internal static class WeightSlices
{
    /// <summary>
    /// Gives a narrower model what the network computes with at one candidate of each group: the first so many channels of each weight,
    /// that candidate's batch normalisations, and the quantizers' state.
    /// </summary>
    /// <exception cref="ArgumentException">A quantizer has a state for each channel.</exception>
    public static void Derive(SearchNetwork network, IReadOnlyList<int> candidates, nn.Module model)
    {
        var state = network.Model.state_dict();
        foreach (var (name, norms) in network.NarrowerNorms)
        {
            var place = network.Space.Groups.Index().First(g => network.Space.GroupOf(NormRule(network, name)) == g.Item).Index;
            if (candidates[place] < norms.Count)
            {
                foreach (var (part, tensor) in norms[candidates[place]].state_dict())
                {
                    state[$"{name}.{part}"] = tensor;
                }
            }
        }

        using var noGradient = no_grad();
        foreach (var (name, target) in model.state_dict())
        {
            RequireSliceable(network, name, state[name], target);
            using var scope = NewDisposeScope();
            target.copy_(CandidateWidths.Slice(state[name], target.shape));
        }
    }

    /// <summary>Writes a tensor into the first elements of another along each axis.</summary>
    public static void Fill(Tensor target, Tensor source)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var part = target;
        for (var axis = 0; axis < source.dim(); axis++)
        {
            part = part.narrow(axis, 0, source.shape[axis]);
        }

        part.copy_(source);
    }

    private static Spaces.SizeRule NormRule(SearchNetwork network, string norm) =>
        network.Space.RulesOf(network.Space.Has($"{norm}.weight") ? $"{norm}.weight" : $"{norm}.running_mean")[0];

    private static void RequireSliceable(SearchNetwork network, string name, Tensor source, Tensor target)
    {
        if (!network.Space.Has(name) && !source.shape.AsSpan().SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"The quantizer's '{name}' is [{string.Join(", ", source.shape)}] in the widest network and "
                + $"[{string.Join(", ", target.shape)}] in a narrower one: a search needs quantizers whose state is not one of each "
                + "channel. Choose Granularity.PerTensor for it.");
        }
    }
}
