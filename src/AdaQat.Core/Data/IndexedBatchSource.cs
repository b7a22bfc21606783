namespace AdaQat.Training;

/// <summary>Batches by index; shuffled where there is a seed.</summary>
internal sealed class IndexedBatchSource<TBatch>(int samples, int batchSize, long? seed, Func<BatchPlace, TBatch> make)
    : IBatchSource<TBatch>
    where TBatch : IDisposable
{
    /// <summary>The first key of orders; augmentations begin with another.</summary>
    private const long Stream = 1;

    private readonly Func<BatchPlace, TBatch> _make = make ?? throw new ArgumentNullException(nameof(make));

    public int BatchesPerEpoch => (int)((samples + (seed is null ? batchSize - 1L : 0)) / batchSize);

    public IEnumerable<TBatch> Epoch(int epoch, int skip)
    {
        var order = seed is { } key ? new KeyedRandom(Stream, key, epoch).Permutation(samples) : [.. Enumerable.Range(0, samples)];
        for (var batch = skip; batch < BatchesPerEpoch; batch++)
        {
            var first = batch * batchSize;
            yield return _make(new BatchPlace(epoch, first, order.AsMemory(first, Math.Min(batchSize, samples - first))));
        }
    }
}
