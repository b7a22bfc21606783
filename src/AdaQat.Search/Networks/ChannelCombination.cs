using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// What two candidates make of normalised channels x̂, put together: output i is a·x̂ᵢ + p·x̂_f + q·x̂_l + c, with its own a, p, q and c;
/// the narrower candidate's output i is widened from the channels f and l.
/// </summary>
/// <remarks>
/// Both candidates normalise a channel by the same statistics, those of the batch, so one normalisation serves both; what they differ in, γ
/// and β, and their weights in the mixture, is in the four numbers.
/// </remarks>
internal static class ChannelCombination
{
    /// <summary>Puts together, differentiable by all but the windows.</summary>
    /// <param name="normalized">x̂: [batch, channels, …].</param>
    /// <param name="own">a, a number for each channel.</param>
    /// <param name="first">p.</param>
    /// <param name="last">q.</param>
    /// <param name="shift">c.</param>
    /// <param name="windows">f and l.</param>
    /// <param name="faults">Takes what goes wrong in the backward pass.</param>
    public static Tensor Of(
        Tensor normalized, Tensor own, Tensor first, Tensor last, Tensor shift, ChannelWindows windows, BackwardFaults faults) =>
        CombinationKernel.Serves(normalized)
            ? CombinationFunction.Apply(normalized, own, first, last, shift, windows, faults)
            : ByOperators(normalized, own, first, last, shift, windows);

    /// <summary>The formula, operator by operator.</summary>
    public static Tensor ByOperators(Tensor normalized, Tensor own, Tensor first, Tensor last, Tensor shift, ChannelWindows windows)
    {
        using var scope = NewDisposeScope();
        long[] perChannel = [1, -1, .. Enumerable.Repeat(1L, (int)normalized.dim() - 2)];
        Tensor Read(long[] channels) => normalized.index_select(1, tensor(channels, device: normalized.device));
        return (normalized * own.view(perChannel) + Read(windows.First) * first.view(perChannel)
            + Read(windows.Last) * last.view(perChannel) + shift.view(perChannel)).MoveToOuterDisposeScope();
    }
}
