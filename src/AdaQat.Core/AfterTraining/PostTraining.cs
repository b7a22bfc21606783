using AdaQat.AfterTraining;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// A trained float network becomes a quantized one in one call, without labels: ranges, equalisation, learned rounding, bias correction,
/// batch-norm statistics, each measured, and taken back where the network is worse for it.
/// </summary>
public static class PostTraining
{
    /// <summary>Quantizes an attached model after training.</summary>
    /// <param name="quantized">The model as <see cref="QuantizedModel.Attach{T, TResult}(nn.Module{T, TResult}, T, QuantizationScheme)"/>
    /// gave it, in any mode, of one tensor in and one out; its widths stay as they are.</param>
    /// <param name="data">
    /// Inputs of the model on its device, as it is used on: some hundred samples in batches; finite. No labels. They stay the caller's.
    /// </param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <param name="progress">Told as the steps go on.</param>
    /// <param name="cancellationToken">Ends it; the model is as it was then.</param>
    /// <returns>What was done, and the way back. Disposing it keeps what was done.</returns>
    /// <remarks>
    /// <para>
    /// In this order: the model is run in float on the data, for what to keep to. Ranges are chosen. Then, where they bring something,
    /// batch norm is folded (only where asked for) and channels are equalised, with ranges chosen anew; rounding is learned; biases are
    /// corrected; batch-norm statistics are measured anew. The measure is the signal-to-noise ratio of the model's outputs on the data, or
    /// <see cref="PostTrainingOptions.Evaluate"/>.
    /// </para>
    /// <para>
    /// The outputs in float are kept meanwhile. A model whose graph can't be captured goes without the steps that need it, and the report
    /// says so. Afterwards the model trains, saves and bakes as any other.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// An option is outside what is allowed. Or there are no data, a batch is empty, holds NaN or infinity, or is of a shape that the model
    /// does not take; the message says which. Nothing has changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model is detached or baked, takes or returns something else than one tensor, or its outputs in float are not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PostTrainingResult Quantize(
        QuantizedModel quantized, IReadOnlyList<Tensor> data, PostTrainingOptions? options = null,
        IProgress<PostTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(data);
        var choices = options ?? new PostTrainingOptions();
        choices.Validate();
        quantized.RequireAttached();
        if (quantized.IsBaked)
        {
            throw new InvalidOperationException("The quantized weights are in the model already: it was baked.");
        }

        using var run = new PostTrainingRun(quantized, ModelOf(quantized), data, choices, progress, cancellationToken);
        return run.Quantize();
    }

    private static nn.Module<Tensor, Tensor> ModelOf(QuantizedModel quantized) =>
        quantized.Model as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException(
            $"{quantized.Model.GetName()} takes or returns something else than one tensor, which {nameof(PostTraining)} does not measure: "
            + $"calibrate it ({nameof(QuantizedModel.Calibrate)}) and take the corrections one by one.");
}
