using AdaQat.Diagnostics;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>Batches of samples that are found by their index: data that fit into memory, or a file that can be read anywhere.</summary>
/// <remarks>
/// The order follows from seed and epoch alone, so an epoch entered in its middle yields what it would have yielded, and a run resumes to
/// the bit.
/// <code>
/// var train = IndexedBatches.Shuffled(inputs, targets, batchSize: 128, seed: 1);
/// var augmented = IndexedBatches.Shuffled(images.Count, batchSize: 128, seed: 1, place =&gt; images.Batch(place));
/// </code>
/// </remarks>
public static class IndexedBatches
{
    /// <summary>In a new random order each epoch; samples left over at its end, too few for a batch, rest until the next one.</summary>
    /// <param name="samples">How many samples there are, at least <paramref name="batchSize"/>.</param>
    /// <param name="batchSize">Samples of a batch, at least 1.</param>
    /// <param name="seed">Same seed, same order.</param>
    /// <param name="make">Makes a batch; called again for the same place, it makes the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside what is allowed.</exception>
    public static IBatchSource<TBatch> Shuffled<TBatch>(int samples, int batchSize, long seed, Func<BatchPlace, TBatch> make)
        where TBatch : IDisposable
    {
        Guard.AtLeast(batchSize, 1, nameof(batchSize));
        Guard.AtLeast(samples, batchSize, nameof(samples));
        return new IndexedBatchSource<TBatch>(samples, batchSize, seed, make);
    }

    /// <summary>Every sample once, in its order; the last batch may be smaller.</summary>
    /// <param name="samples">How many samples there are, at least 1.</param>
    /// <param name="batchSize">Samples of a batch, at least 1.</param>
    /// <param name="make">Makes a batch; called again for the same place, it makes the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside what is allowed.</exception>
    public static IBatchSource<TBatch> InOrder<TBatch>(int samples, int batchSize, Func<BatchPlace, TBatch> make)
        where TBatch : IDisposable
    {
        Guard.AtLeast(batchSize, 1, nameof(batchSize));
        Guard.AtLeast(samples, 1, nameof(samples));
        return new IndexedBatchSource<TBatch>(samples, batchSize, null, make);
    }

    /// <summary>Rows of two tensors, in a new random order each epoch.</summary>
    /// <param name="inputs">[samples, …]; it must live as long as the batches are taken.</param>
    /// <param name="targets">[samples, …], likewise.</param>
    /// <param name="batchSize">Samples of a batch, from 1 to as many as there are.</param>
    /// <param name="seed">Same seed, same order.</param>
    /// <exception cref="ArgumentException">The tensors have unlike numbers of rows, or a number is outside what is allowed.</exception>
    public static IBatchSource<Batch> Shuffled(Tensor inputs, Tensor targets, int batchSize, long seed) =>
        Shuffled(RowsOf(inputs, targets), batchSize, seed, place => Rows(inputs, targets, place));

    /// <summary>Rows of two tensors, in their order.</summary>
    /// <param name="inputs">[samples, …]; it must live as long as the batches are taken.</param>
    /// <param name="targets">[samples, …], likewise.</param>
    /// <param name="batchSize">Samples of a batch, at least 1.</param>
    /// <exception cref="ArgumentException">The tensors have unlike numbers of rows, or a number is outside what is allowed.</exception>
    public static IBatchSource<Batch> InOrder(Tensor inputs, Tensor targets, int batchSize) =>
        InOrder(RowsOf(inputs, targets), batchSize, place => Rows(inputs, targets, place));

    private static int RowsOf(Tensor inputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        return inputs.dim() > 0 && targets.dim() > 0 && inputs.shape[0] == targets.shape[0]
            ? checked((int)inputs.shape[0])
            : throw new ArgumentException(
                $"The inputs have the shape [{string.Join(", ", inputs.shape)}] and the targets [{string.Join(", ", targets.shape)}]; "
                + "the first dimension counts the samples, and must be the same.", nameof(targets));
    }

    private static Batch Rows(Tensor inputs, Tensor targets, BatchPlace place)
    {
        using var index = tensor(place.Samples.ToArray().Select(sample => (long)sample).ToArray());
        using var onInputs = index.to(inputs.device);
        using var onTargets = index.to(targets.device);
        return new Batch(inputs.index_select(0, onInputs), targets.index_select(0, onTargets));
    }
}
