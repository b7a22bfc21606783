using AdaQat.Calibration;
using AdaQat.Isolation;
using AdaQat.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Measures anew the running means and variances of batch normalisation, which quantization shifts away from what a float network has
/// learned.
/// </summary>
/// <remarks>
/// <para>
/// Each layer's statistics become the plain average over the batches given of what it sees in training mode: its batch means and unbiased
/// batch variances. Weights, modes, momentum, gradients, all other buffers and the random state are untouched; the count of batches becomes
/// theirs.
/// </para>
/// <para>
/// It pays at low widths, before a network is used without training, and costs accuracy at high ones where the batches are unlike those of
/// training: give batches as the network is trained on, augmentation included. Calibrate ranges first
/// (<see cref="QuantizedModel.Calibrate(IEnumerable{Tensor})"/>). docs/results.md has figures.
/// </para>
/// </remarks>
public static class BatchNormStatistics
{
    /// <summary>Averages over <paramref name="batches"/>.</summary>
    /// <param name="model">Any model with batch normalisation, attached or not, in any mode.</param>
    /// <param name="batches">
    /// Inputs of the model on its device. They stay the caller's; those made while they are enumerated are disposed at the end.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The model has no batch normalisation with running statistics, or no batch reached one; nothing has changed.
    /// </exception>
    public static void Reestimate(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Reestimate(model, () => FirstBatches.Run(model, batches));
    }

    /// <summary>Averages over the first <paramref name="batches"/> batches of epoch 0 of <paramref name="source"/>.</summary>
    /// <param name="model">Any model with batch normalisation, attached or not, in any mode.</param>
    /// <param name="source">What the model is trained on.</param>
    /// <param name="batches">1 to the number of batches of an epoch.</param>
    /// <exception cref="ArgumentException">The model has no batch normalisation with running statistics; nothing has changed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batches"/> is outside what is allowed.</exception>
    public static void Reestimate(nn.Module<Tensor, Tensor> model, IBatchSource<Batch> source, int batches)
    {
        FirstBatches.RequireCount(source, batches, nameof(batches));
        Reestimate(model, () => FirstBatches.Run(model, source, batches));
    }

    /// <summary>Averages over the forwards that <paramref name="forwards"/> makes, for models with several inputs or outputs.</summary>
    /// <param name="model">Any model with batch normalisation, attached or not, in any mode.</param>
    /// <param name="forwards">Calls the model once for each batch. It runs in training mode without gradient.</param>
    /// <exception cref="ArgumentException">
    /// The model has no batch normalisation with running statistics, or no batch reached one; nothing has changed.
    /// </exception>
    /// <remarks>
    /// Layers that no forward reaches through <c>call()</c> keep their statistics. Where a forward throws, all layers do.
    /// </remarks>
    public static void Reestimate(nn.Module model, Action forwards)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(forwards);
        var layers = model.named_modules().Select(m => m.module).Prepend(model).OfType<BatchNorm>()
            .Where(l => l.track_running_stats).Distinct<BatchNorm>(ReferenceEqualityComparer.Instance).ToList();
        if (layers.Count == 0)
        {
            throw new ArgumentException(
                $"{model.GetName()} has no batch normalisation with running statistics, so there is nothing to re-estimate.",
                    nameof(model));
        }

        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var random = ModelRandom.Of(model).Pause();
        var running = new List<RunningAverage>();
        try
        {
            // Which also puts every module back into the mode it was in.
            using (new EvaluationMode(model))
            {
                model.train();
                running.AddRange(layers.Select(l => new RunningAverage(l)));
                forwards();
            }

            if (!running.Exists(r => r.WasReached))
            {
                throw new ArgumentException(
                    "There is nothing to average: no batch reached a layer of batch normalisation; at least one is needed.",
                    nameof(forwards));
            }

            running.ForEach(r => r.Accept());
        }
        finally
        {
            running.ForEach(r => r.Dispose());
            random.Restore();
        }
    }
}
