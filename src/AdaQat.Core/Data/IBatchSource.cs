namespace AdaQat.Training;

/// <summary>Where a trainer takes its batches from.</summary>
/// <typeparam name="TBatch">A mini-batch: <see cref="Batch"/>, or a type of your own; disposed by whoever enumerated it.</typeparam>
/// <remarks>
/// For a run to be resumed to the bit, an epoch's batches follow from its number alone: the same epoch enumerated again, from any
/// position, yields the same batches.
/// </remarks>
public interface IBatchSource<out TBatch>
    where TBatch : IDisposable
{
    /// <summary>How many batches an epoch has, at least 1.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>The batches of an epoch, in new tensors that the caller disposes.</summary>
    /// <param name="epoch">The number of the epoch, from 0.</param>
    /// <param name="skip">How many batches to leave out at the start.</param>
    IEnumerable<TBatch> Epoch(int epoch, int skip);
}
