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
    /// The builder ignores its plan, no layer can vary, or the plan has different channels for layers whose outputs meet.
    /// </exception>
    /// <exception cref="CaptureException">The network's graph cannot be captured.</exception>
    public static PlanCost Of(Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder, Tensor example, ChannelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(plan);
        var space = SearchSpace.Of(new NetworkBuilder(builder), example);
        return Of(space, ChannelsOf(space, plan));
    }

    internal static PlanCost Of(SearchSpace space, IReadOnlyList<int> channels) =>
        new(space.Costs.Macs.Sum(term => term.At(channels)), space.Costs.Parameters.Sum(term => term.At(channels)));

    /// <summary>The channels of each group.</summary>
    /// <exception cref="ArgumentException">A group has two numbers.</exception>
    internal static IReadOnlyList<int> ChannelsOf(SearchSpace space, ChannelPlan plan) => [.. space.Groups.Select(group =>
    {
        var numbers = group.Keys.Select(key => (Key: key, Channels: plan[key, group.Default])).ToList();
        var other = numbers.Find(n => n.Channels != numbers[0].Channels);
        return other.Key is null ? numbers[0].Channels : throw new ArgumentException(FormattableString.Invariant(
            $"The plan has {numbers[0].Channels} channels for '{group.Name}' and {other.Channels} for '{other.Key}', whose outputs meet: ")
            + "both need the same number.", nameof(plan));
    })];
}
