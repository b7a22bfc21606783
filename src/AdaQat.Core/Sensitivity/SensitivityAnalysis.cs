using AdaQat.Calibration;
using AdaQat.Sensitivity;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Finds what each layer's bits cost: with one weight, or one layer's input, quantized at a time and everything else in float, on a
/// calibration set.
/// </summary>
/// <remarks>
/// <para>
/// What comes before the changed layer is computed once a batch, where the model's graph can be captured and computes what the model does;
/// elsewhere every forward is a whole one, and the report says why. All values of the network on one batch are in memory meanwhile.
/// </para>
/// <para>
/// A quantizer of the layer's own family is tried at each width. Where the layer's has its range already, from training or from <see
/// cref="QuantizedModel.Calibrate(IEnumerable{Tensor})"/>, that serves at every width; else the range starts from the weight, or from the
/// first batch.
/// </para>
/// <para>
/// The model is afterwards as it was, to the bit: parameters, buffers, ranges, modes, the random state. Meanwhile nothing else may use it,
/// on no thread.
/// </para>
/// </remarks>
public static class SensitivityAnalysis
{
    /// <summary>Analyses a model of one input and one output.</summary>
    /// <param name="quantized">The model, attached and not baked; in any mode.</param>
    /// <param name="source">Batches of inputs and targets, on the model's device: epoch 0 is taken.</param>
    /// <param name="loss">The mean loss of a batch, given output and target: a scalar.</param>
    /// <param name="options">What is tried; null for the defaults.</param>
    /// <param name="progress">Is told after every forward.</param>
    /// <param name="cancellationToken">
    /// Ends the analysis after a forward. With a checkpoint, the same call goes on from the last layer that was done, and its result is
    /// that of an analysis that was not cut off.
    /// </param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">An option is outside what is allowed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is detached or baked, or takes or returns something else than one tensor.
    /// </exception>
    /// <exception cref="CheckpointException">The checkpoint is of another model, other data or other options, or damaged.</exception>
    /// <exception cref="NonFiniteLossException">The loss in float is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SensitivityReport Run(
        QuantizedModel quantized, IBatchSource<Batch> source, Func<Tensor, Tensor, Tensor> loss, SensitivityOptions? options = null,
        IProgress<SensitivityProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new SensitivityOptions();
        options.Validate();
        FirstBatches.RequireCount(source, options.Batches ?? source.BatchesPerEpoch, nameof(SensitivityOptions.Batches));
        quantized.RequireAttached();
        if (quantized.IsBaked)
        {
            throw new InvalidOperationException(
                "The model's weights were baked: what they were in float is gone. Analyse it before Bake().");
        }

        var module = quantized.Model as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException(
            $"{quantized.Model.GetName()} takes or returns something else than one tensor; sensitivity is analysed for models of one.");
        using var run = new SensitivityRun(quantized, module, source, loss, options);
        return run.Run(progress, cancellationToken);
    }
}
