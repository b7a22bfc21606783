using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>What a forward on one batch gives.</summary>
/// <param name="Loss">The mean loss over the batch, a single number that <c>backward()</c> starts from.</param>
/// <param name="Samples">How many samples it is the mean of, at least 1: its weight in means over an epoch.</param>
/// <param name="CountCorrect">
/// Counts the samples that are right; null, the default, where nothing is right or wrong. Not asked for the forwards of probes.
/// </param>
public sealed record BatchResult(Tensor Loss, long Samples, Func<double>? CountCorrect = null);
