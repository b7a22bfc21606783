using AdaQat.Calibration;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>Starts activation ranges from data.</summary>
public static class ActivationCalibration
{
    /// <summary>
    /// Starts the range of every activation quantizer from several batches, before a trained network is measured or trained further.
    /// </summary>
    /// <param name="quantized">The handle from attaching.</param>
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
    /// </para>
    /// <para>Only quantizers change: weights, all other buffers, gradients, modes and the random state are afterwards as before.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">There are no batches.</exception>
    /// <exception cref="InvalidOperationException">The model is detached, or takes something else than one tensor.</exception>
    public static void Calibrate(this QuantizedModel quantized, IEnumerable<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(batches);
        var model = OfOneInput(quantized);
        quantized.Calibrate(() => FirstBatches.Run(model, batches));
    }

    /// <summary>Starts the ranges from the first <paramref name="batches"/> batches of epoch 0 of <paramref name="source"/>.</summary>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="source">What the model is trained on.</param>
    /// <param name="batches">1 to the number of batches of an epoch.</param>
    /// <inheritdoc cref="Calibrate(QuantizedModel, IEnumerable{Tensor})" path="/remarks"/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batches"/> is outside what is allowed.</exception>
    /// <exception cref="InvalidOperationException">The model is detached, or takes something else than one tensor.</exception>
    public static void Calibrate(this QuantizedModel quantized, IBatchSource<Batch> source, int batches)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        FirstBatches.RequireCount(source, batches, nameof(batches));
        var model = OfOneInput(quantized);
        quantized.Calibrate(() => FirstBatches.Run(model, source, batches));
    }

    /// <summary>Starts the ranges from the forwards that <paramref name="forwards"/> makes, for models with several inputs.</summary>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="forwards">Calls the model once for each batch.</param>
    /// <inheritdoc cref="Calibrate(QuantizedModel, IEnumerable{Tensor})" path="/remarks"/>
    /// <exception cref="ArgumentException">No forward reached a quantized layer.</exception>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    public static void Calibrate(this QuantizedModel quantized, Action forwards)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(forwards);
        quantized.RequireAttached();
        quantized.Settle();
        RangeCalibration.Run(quantized.Model, quantized.Inputs, forwards);
    }

    private static nn.Module<Tensor, Tensor> OfOneInput(QuantizedModel quantized) =>
        quantized.Model as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException(
        $"{quantized.Model.GetName()} takes something else than one tensor: give Calibrate an action that calls it once for each batch.");
}
