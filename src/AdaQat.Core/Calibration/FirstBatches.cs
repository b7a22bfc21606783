using AdaQat.Diagnostics;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>Forwards on the first batches of what a model is trained with.</summary>
internal static class FirstBatches
{
    /// <summary>A forward on each of <paramref name="batches"/>, which stay the caller's.</summary>
    public static void Run(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> batches)
    {
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            model.call(batch);
        }
    }

    /// <summary>A forward on each of the first <paramref name="count"/> batches of epoch 0.</summary>
    public static void Run(nn.Module<Tensor, Tensor> model, IBatchSource<Batch> source, int count)
    {
        foreach (var batch in source.Epoch(0, 0).Take(count))
        {
            using (batch)
            {
                Run(model, [batch.Input]);
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">
    /// An epoch has fewer than <paramref name="count"/> batches, or that is less than 1.
    /// </exception>
    public static void RequireCount(IBatchSource<Batch> source, int count, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        Guard.InRange(count, 1, source.BatchesPerEpoch, name);
    }
}
