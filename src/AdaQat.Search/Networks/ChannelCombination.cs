using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// The batch normalisations of two candidates, put together: with x̂ = (x − μ)/√(σ² + ε) by the batch's statistics, output i is
/// a·x̂ᵢ + p·x̂_f + q·x̂_l + c, with its own a, p, q and c; the narrower candidate's output i is widened from the channels f and l.
/// </summary>
/// <remarks>
/// Both candidates normalise a channel by the same statistics, those of the batch, so one normalisation serves both; what they differ in, γ
/// and β, and their weights in the mixture, is in the four numbers.
/// </remarks>
internal static class ChannelCombination
{
    /// <summary>Normalises and puts together, differentiable by all but the windows.</summary>
    /// <param name="input">x: [batch, channels, …], more than one number a channel.</param>
    /// <param name="numbers">a, p, q, c.</param>
    /// <param name="windows">f and l.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="faults">Takes what goes wrong in the backward pass.</param>
    /// <returns>The output, and what running statistics learn from: each channel's mean and its variance by n − 1, detached.</returns>
    public static (Tensor Output, Tensor Mean, Tensor Variance) Of(
        Tensor input, MixedNumbers numbers, ChannelWindows windows, double epsilon, BackwardFaults faults)
    {
        if (CombinationKernel.Serves(input))
        {
            var moments = CombinationKernel.Moments(input);
            var (mean, variance) = moments.ForRunning();
            return (CombinationFunction.Apply(input, numbers, windows, moments, epsilon, faults), mean, variance);
        }

        var axes = AllButChannels(input);
        using var values = input.detach();
        return (ByOperators(input, numbers, windows, epsilon), values.mean(axes), values.var(axes, unbiased: true));
    }

    /// <summary>The formula, operator by operator.</summary>
    public static Tensor ByOperators(Tensor input, MixedNumbers numbers, ChannelWindows windows, double epsilon)
    {
        using var scope = NewDisposeScope();
        var axes = AllButChannels(input);
        var variance = input.var(axes, unbiased: false, keepdim: true);
        var normalized = (input - input.mean(axes, keepdim: true)) * variance.Add(epsilon).rsqrt();
        long[] perChannel = [1, -1, .. Enumerable.Repeat(1L, (int)input.dim() - 2)];
        Tensor Read(long[] channels) => normalized.index_select(1, tensor(channels, device: input.device));
        return (normalized * numbers.Own.view(perChannel)).Add(Read(windows.First) * numbers.First.view(perChannel))
            .Add(Read(windows.Last) * numbers.Last.view(perChannel)).Add(numbers.Shift.view(perChannel)).MoveToOuterDisposeScope();
    }

    private static long[] AllButChannels(Tensor input) => [0, .. Enumerable.Range(2, (int)input.dim() - 2).Select(axis => (long)axis)];
}
