namespace AdaQat.Training;

/// <summary>Which samples a batch is made of.</summary>
/// <param name="Epoch">The number of the epoch, from 0.</param>
/// <param name="First">The place of the batch's first sample in the epoch, from 0: with seed and epoch, a key for augmentation.</param>
/// <param name="Samples">The samples' indices in the data, in the batch's order.</param>
public readonly record struct BatchPlace(int Epoch, int First, ReadOnlyMemory<int> Samples);
