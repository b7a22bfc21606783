using AdaQat.Calibration;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

public sealed partial class QuantizedModel
{
    /// <summary>
    /// Starts the range of every activation quantizer from several batches, before a trained network is measured or trained further.
    /// </summary>
    /// <param name="batches">
    /// Inputs of the model on its device, as it is trained on. They stay the caller's; those made while they are enumerated are disposed at
    /// the end.
    /// </param>
    /// <remarks>
    /// <para>
    /// The model runs in float, in eval mode without gradient, and quantizers only look on, so that no range depends on one before it. Then
    /// <see cref="Quantizer.Calibrate"/> of each gets a batch of its input put together from all of these, of two million
    /// elements at most: samples evenly spread. Quantizers that have had their data before get it anew; one whose layer none of the batches
    /// reaches is left as it was. Without this call a quantizer starts from the first training batch that reaches it.
    /// Quantizers of weights start from the weights that are there, unless they have started before.
    /// </para>
    /// <para>NaN and infinity are left out, and told by <see cref="Warning"/>.</para>
    /// <para>Only quantizers change: weights, all other buffers, gradients, modes and the random state are afterwards as before.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">There are no batches.</exception>
    /// <exception cref="InvalidOperationException">The model is detached, or takes something else than one tensor.</exception>
    public void Calibrate(IEnumerable<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var model = OfOneInput();
        Calibrate(() => FirstBatches.Run(model, batches));
    }

    /// <summary>Starts the ranges from the first <paramref name="batches"/> batches of epoch 0 of <paramref name="source"/>.</summary>
    /// <param name="source">What the model is trained on.</param>
    /// <param name="batches">1 to the number of batches of an epoch.</param>
    /// <inheritdoc cref="Calibrate(IEnumerable{Tensor})" path="/remarks"/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batches"/> is outside what is allowed.</exception>
    /// <exception cref="InvalidOperationException">The model is detached, or takes something else than one tensor.</exception>
    public void Calibrate(IBatchSource<Batch> source, int batches)
    {
        FirstBatches.RequireCount(source, batches, nameof(batches));
        var model = OfOneInput();
        Calibrate(() => FirstBatches.Run(model, source, batches));
    }

    /// <summary>Starts the ranges from the forwards that <paramref name="forwards"/> makes, for models with several inputs.</summary>
    /// <param name="forwards">Calls the model once for each batch.</param>
    /// <inheritdoc cref="Calibrate(IEnumerable{Tensor})" path="/remarks"/>
    /// <exception cref="ArgumentException">No forward reached a quantized layer.</exception>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    public void Calibrate(Action forwards)
    {
        ArgumentNullException.ThrowIfNull(forwards);
        RequireAttached();
        using var alone = BeginAlone();
        Settle();
        Tell(RangeCalibration.Run(Model, [.. Inputs, .. Joins.Select(join => join.Attached)], forwards));
        StartWeights();
    }

    private nn.Module<Tensor, Tensor> OfOneInput() => Model as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException(
        $"{Model.GetName()} takes something else than one tensor: give Calibrate an action that calls it once for each batch.");
}
