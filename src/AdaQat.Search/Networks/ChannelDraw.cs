using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>With how many channels a group computes: those of one candidate, or a mixture of two.</summary>
/// <param name="Low">The place of the narrower candidate.</param>
/// <param name="High">The place of the wider one; the same for one candidate.</param>
/// <param name="Weights">Two numbers whose sum is 1, the narrower one's first; null for one candidate.</param>
internal sealed record ChannelDraw(int Low, int High, Tensor? Weights = null)
{
    public bool IsPair => Low != High;

    public static ChannelDraw Of(int candidate) => new(candidate, candidate);
}
