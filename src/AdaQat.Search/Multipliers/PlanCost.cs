using AdaQat.Search.Spaces;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search;

/// <summary>What a network costs with the channels of a plan.</summary>
/// <param name="Macs">Multiply-accumulate operations of a sample, in convolutions and linear layers.</param>
/// <param name="Parameters">Elements of the model's own parameters.</param>
public sealed record PlanCost(double Macs, double Parameters)
{
    /// <summary>Measures a plan.</summary>
    /// <param name="builder">Builds the network, as for <see cref="ChannelSearch"/>.</param>
    /// <param name="example">An input as the network takes it, with its batch dimension.</param>
    /// <param name="plan">The plan; <see cref="ChannelPlan.Default"/> for the builder's own channels.</param>
    /// <exception cref="ArgumentException">
    /// The builder ignores its plan, no layer can vary, or a size is not in proportion to its channels; or the plan is of another network
    /// (a name that the builder never asks for, another default), has different channels for layers whose outputs meet, or others than
    /// the default where they cannot vary.
    /// </exception>
    /// <exception cref="CaptureException">The network's graph cannot be captured.</exception>
    public static PlanCost Of(Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder, Tensor example, ChannelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(plan);
        var space = SearchSpace.Of(new NetworkBuilder(builder), example);
        var channels = ChannelsOf(space, plan);
        SizeProof.Run(space, [channels]);
        return Of(space, channels);
    }

    internal static PlanCost Of(SearchSpace space, IReadOnlyList<int> channels) =>
        new(space.Costs.Macs.Sum(term => term.At(channels)), space.Costs.Parameters.Sum(term => term.At(channels)));

    /// <summary>The channels of each group.</summary>
    /// <exception cref="ArgumentException">The plan is of another network, or a group has two numbers.</exception>
    internal static IReadOnlyList<int> ChannelsOf(SearchSpace space, ChannelPlan plan)
    {
        RequireFit(space, plan);
        return [.. space.Groups.Select(group => ChannelsOf(group, plan))];
    }

    private static void RequireFit(SearchSpace space, ChannelPlan plan)
    {
        var asked = space.Asked.ToDictionary(StringComparer.Ordinal);
        foreach (var layer in plan.Layers)
        {
            if (!asked.TryGetValue(layer.Layer, out var usual))
            {
                throw new ArgumentException(
                    $"The plan has channels for '{layer.Layer}', which the builder does not ask for: it is of another network. The builder "
                    + $"asks for {string.Join(", ", asked.Keys)}.", nameof(plan));
            }

            if (layer.Default != usual)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"'{layer.Layer}' has {layer.Default} channels by default in the plan and {usual} in the builder: ")
                    + "the plan is of another network.", nameof(plan));
            }

            if (layer.Channels != usual && space.Kept.TryGetValue(layer.Layer, out var reason))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The plan has {layer.Channels} channels for '{layer.Layer}', which stays at {usual}: {reason}."), nameof(plan));
            }
        }
    }

    private static int ChannelsOf(ChannelGroup group, ChannelPlan plan)
    {
        var numbers = group.Keys.Select(key => (Key: key, Channels: plan[key, group.Default])).ToList();
        var other = numbers.Find(n => n.Channels != numbers[0].Channels);
        return other.Key is null ? numbers[0].Channels : throw new ArgumentException(FormattableString.Invariant(
            $"The plan has {numbers[0].Channels} channels for '{group.Name}' and {other.Channels} for '{other.Key}', whose outputs meet: ")
            + "both need the same number.", nameof(plan));
    }
}
