using AdaQat.Training;

namespace AdaQat.Search.Searching;

/// <summary>Refuses sources of batches that a search cannot go through.</summary>
internal static class SearchBatches
{
    /// <summary>How many steps an epoch has.</summary>
    /// <exception cref="ArgumentException">There are none, or other numbers of them than before.</exception>
    public static int Require(IBatchSource<Batch> weights, IBatchSource<Batch> channels, TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(channels);
        RequireSome(weights, nameof(weights));
        RequireSome(channels, nameof(channels));
        var batches = Math.Min(weights.BatchesPerEpoch, channels.BatchesPerEpoch);

        if (progress is { Step: > 0, BatchesPerEpoch: { } before } && before != batches)
        {
            throw new ArgumentException(
                $"The search has had {before} steps in an epoch, and goes on with {batches}: give it the batches that it was begun with.");
        }

        return batches;
    }

    private static void RequireSome(IBatchSource<Batch> source, string name)
    {
        if (source.BatchesPerEpoch < 1)
        {
            throw new ArgumentException($"The source '{name}' has no batches; allowed are 1 and more in an epoch.", name);
        }
    }

    /// <exception cref="InvalidOperationException">The source has come to its end too early.</exception>
    public static void RequireNext(bool isThere, IBatchSource<Batch> source, TrainingProgress progress)
    {
        if (!isThere)
        {
            throw new InvalidOperationException(
                $"The batch source says that an epoch has {source.BatchesPerEpoch} batches, but epoch {progress.Epoch} came to "
                + $"{progress.Batch}.");
        }
    }
}
