using AdaQat.Search.Sampling;
using AdaQat.Search.Spaces;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search;

/// <summary>
/// The control of a search: channels by chance at the same cost. Where networks of such plans, trained like the searched one, are as
/// accurate as it, the search found nothing; how far they lie apart is what there is to find.
/// </summary>
public static class RandomWidths
{
    private const long Stream = 37;
    private const double LargestSpread = 2;

    /// <summary>A plan drawn by chance, brought as close to a cost as it goes, from below.</summary>
    /// <param name="builder">Builds the network, as for <see cref="ChannelSearch"/>.</param>
    /// <param name="example">An input as the network takes it, with its batch dimension.</param>
    /// <param name="seed">The same seed gives the same plan.</param>
    /// <param name="targetMacs">The most multiply-accumulate operations of a sample; null for no such limit. Above 0.</param>
    /// <param name="targetParameters">The most parameters of the model; null for no such limit. Above 0.</param>
    /// <param name="spread">
    /// σ: each group gets its default times exp(σ·z), z from N(0, 1), before one factor brings all to the limit. Above 0, at most 2. With
    /// 0.3, two groups of three stay between 0.74 and 1.35 times the default.
    /// </param>
    /// <exception cref="ArgumentException">
    /// <paramref name="spread"/> is out of range, or as <see cref="WidthMultiplier.Fit"/> says.
    /// </exception>
    /// <exception cref="CaptureException">The network's graph cannot be captured.</exception>
    public static ChannelPlan Fit(
        Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder, Tensor example, long seed, double? targetMacs = null,
        double? targetParameters = null, double spread = 0.3)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(example);
        WidthMultiplier.RequireLimit(targetMacs, targetParameters);
        if (!(spread is > 0 and <= LargestSpread))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"spread is {spread}; allowed are numbers above 0, up to {LargestSpread}."), nameof(spread));
        }

        var space = SearchSpace.Of(new NetworkBuilder(builder), example);
        var random = new KeyedRandom(Stream, seed, 0);
        int[] start = [.. space.Groups.Select(
            group => Math.Max(1, (int)Math.Round(group.Default * Math.Exp(spread * NormalNumber.Next(ref random)))))];
        return WidthMultiplier.Scaled(
            space, start, targetMacs, targetParameters, ChannelOrigin.Drawn, group => FormattableString.Invariant($", seed {seed}"));
    }
}
