using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Spaces;

/// <summary>
/// Compares the sizes of a model that was built with those that the search computes with: a size that is rounded, to a multiple of eight
/// say, is in proportion to its channels at some numbers and not at others.
/// </summary>
internal static class SizeProof
{
    /// <summary>Builds the network at each of several widths, and throws it away.</summary>
    /// <param name="space">What can vary.</param>
    /// <param name="widths">For each network the channels of each group.</param>
    /// <exception cref="ArgumentException">A size is another one than the search computes with.</exception>
    public static void Run(SearchSpace space, IEnumerable<IReadOnlyList<int>> widths)
    {
        using var random = new KeptRandom();
        foreach (var channels in widths)
        {
            space.Build(channels).Dispose();
        }
    }

    /// <summary>Checks one model.</summary>
    /// <param name="space">What can vary.</param>
    /// <param name="model">What was built.</param>
    /// <param name="channels">With how many channels.</param>
    /// <exception cref="ArgumentException">A size is another one than the search computes with.</exception>
    public static void Require(SearchSpace space, nn.Module model, Func<ChannelGroup, int> channels)
    {
        foreach (var (name, shape) in ModelShapes.Of(model))
        {
            var expected = space.Has(name) ? space.ShapeOf(name, channels) : [];
            if (!shape.AsSpan().SequenceEqual(expected))
            {
                var given = space.Groups.Select(group => FormattableString.Invariant($"{group.Name} {channels(group)}"));
                throw new ArgumentException(
                    $"With {string.Join(", ", given)} the builder gives '{name}' the sizes [{string.Join(", ", shape)}], where they are "
                    + $"[{string.Join(", ", expected)}] in proportion to the channels: it is rounded, or has a least number. Let the "
                    + "builder ask its plan for that number by a name of its own, or give it a fixed one.");
            }
        }
    }
}
