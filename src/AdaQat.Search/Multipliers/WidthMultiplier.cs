using AdaQat.Search.Spaces;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search;

/// <summary>
/// The simplest rival of a search: one factor on the channels of all layers, so that the network costs what it may. Applied to a searched
/// plan it brings that to a cost.
/// </summary>
public static class WidthMultiplier
{
    private const double LargestFactor = 64;

    /// <summary>The plan whose network comes closest to a cost from below.</summary>
    /// <param name="builder">Builds the network, as for <see cref="ChannelSearch"/>.</param>
    /// <param name="example">An input as the network takes it, with its batch dimension.</param>
    /// <param name="targetMacs">The most multiply-accumulate operations of a sample; null for no such limit. Above 0.</param>
    /// <param name="targetParameters">The most parameters of the model; null for no such limit. Above 0.</param>
    /// <param name="basis">The plan whose channels are multiplied; null for the builder's own.</param>
    /// <remarks>
    /// The factor is the largest one that keeps within the limits, channels being rounded down to numbers that the network can have. Then
    /// single groups get more channels, the one first that rounding took most of, as long as the limits allow: a network of some thousand
    /// parameters comes within a per cent or so of the limit.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// There is no limit, one is not above 0 or below what the network costs with one channel everywhere; or as
    /// <see cref="PlanCost.Of(Func{ChannelPlan, nn.Module{Tensor, Tensor}}, Tensor, ChannelPlan)"/> says.
    /// </exception>
    /// <exception cref="CaptureException">The network's graph cannot be captured.</exception>
    public static ChannelPlan Fit(
        Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder, Tensor example, double? targetMacs = null, double? targetParameters = null,
        ChannelPlan? basis = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(example);
        RequireLimit(targetMacs, targetParameters);
        var space = SearchSpace.Of(new NetworkBuilder(builder), example);
        var start = PlanCost.ChannelsOf(space, basis ?? ChannelPlan.Default);
        return Scaled(space, start, targetMacs, targetParameters, ChannelOrigin.Multiplied, group => OriginOf(basis, group));
    }

    /// <param name="space">The network.</param>
    /// <param name="start">The channels of each group that are multiplied.</param>
    /// <param name="targetMacs">The most multiplications.</param>
    /// <param name="targetParameters">The most parameters.</param>
    /// <param name="origin">Where the plan says its numbers come from.</param>
    /// <param name="more">What a group's note says after the factor.</param>
    internal static ChannelPlan Scaled(
        SearchSpace space, IReadOnlyList<int> start, double? targetMacs, double? targetParameters, ChannelOrigin origin,
        Func<ChannelGroup, string> more)
    {
        bool Fits(IReadOnlyList<int> channels)
        {
            var cost = PlanCost.Of(space, channels);
            return !(cost.Macs > targetMacs) && !(cost.Parameters > targetParameters);
        }

        var factor = LargestFitting(space, start, Fits);
        var multiplied = Multiplied(space, start, factor);
        var channels = FillUp(space, start, factor, multiplied, Fits);
        SizeProof.Run(space, [channels]);
        var place = space.Groups.Index().ToDictionary(g => g.Item.Name, g => g.Index, StringComparer.Ordinal);
        return space.Plan(group => (channels[place[group.Name]], origin, NoteOf(place[group.Name]) + more(group)));

        string NoteOf(int group) => FormattableString.Invariant($"{factor:0.000} times {start[group]}")
            + (channels[group] - multiplied[group] is > 0 and var added
                ? FormattableString.Invariant($" and {added} more, up to the limit") : "");
    }

    /// <summary>Refuses limits that are none.</summary>
    internal static void RequireLimit(double? targetMacs, double? targetParameters)
    {
        if (targetMacs is null && targetParameters is null)
        {
            throw new ArgumentException("There is no limit: give targetMacs, targetParameters or both.", nameof(targetMacs));
        }

        Require(targetMacs, nameof(targetMacs));
        Require(targetParameters, nameof(targetParameters));

        static void Require(double? limit, string name)
        {
            if (limit is { } value && !(double.IsFinite(value) && value > 0))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{name} is {value}; allowed are finite numbers above 0, and null for none."), name);
            }
        }
    }

    /// <summary>Where the number that is multiplied comes from.</summary>
    private static string OriginOf(ChannelPlan? basis, ChannelGroup group) =>
        basis?.Layers.FirstOrDefault(layer => layer.Layer == group.Name) is { Origin: var origin and not ChannelOrigin.Kept } layer
            ? $", {origin.ToString().ToLowerInvariant()}{(layer.Note is { } note ? $": {note}" : "")}"
            : "";

    private static double LargestFitting(SearchSpace space, IReadOnlyList<int> start, Func<IReadOnlyList<int>, bool> fits)
    {
        var (low, high) = (0.0, LargestFactor);
        for (var halving = 0; halving < 60; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = fits(Multiplied(space, start, middle)) ? (middle, high) : (low, middle);
        }

        return fits(Multiplied(space, start, low)) ? low : throw new ArgumentException(FormattableString.Invariant(
            $"The limits are below {PlanCost.Of(space, Multiplied(space, start, 0)).Macs:0} multiplications and ")
            + FormattableString.Invariant($"{PlanCost.Of(space, Multiplied(space, start, 0)).Parameters:0} parameters, ")
            + "which the network has with the fewest channels that it can have.");
    }

    private static int[] Multiplied(SearchSpace space, IReadOnlyList<int> start, double factor) =>
        [.. space.Groups.Zip(start, (group, channels) => group.Nearest(Math.Max(1, (int)(channels * factor))))];

    private static int[] FillUp(
        SearchSpace space, IReadOnlyList<int> start, double factor, int[] channels, Func<IReadOnlyList<int>, bool> fits)
    {
        var open = Enumerable.Range(0, channels.Length).ToHashSet();
        while (open.Count > 0)
        {
            var place = open.MinBy(p => channels[p] / (start[p] * factor));
            var group = space.Groups[place];
            int[] more = [.. channels];
            more[place] = Enumerable.Range(channels[place] + 1, group.Default).First(group.Fits);
            // No layer gets a share that is far from the others'.
            if (more[place] > (start[place] * factor * 1.25) + 1 || !fits(more))
            {
                open.Remove(place);
            }
            else
            {
                channels = more;
            }
        }

        return channels;
    }
}
