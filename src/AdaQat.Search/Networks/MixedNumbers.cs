using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>The four numbers of each channel by which <see cref="ChannelCombination"/> puts two candidates together.</summary>
/// <param name="Own">a: what a channel has of its own, γ of the wider candidate times its weight.</param>
/// <param name="First">p: what it has of the first channel of its window, γ of the narrower one times half its weight.</param>
/// <param name="Last">q: what it has of the last one.</param>
/// <param name="Shift">c: both candidates' β by their weights.</param>
internal sealed record MixedNumbers(Tensor Own, Tensor First, Tensor Last, Tensor Shift)
{
    public Tensor[] All => [Own, First, Last, Shift];
}
