using AdaQat.Costs;
using AdaQat.Isolation;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>Measures a network in float and quantized: what it gets right, what it takes to store, and what an inference costs.</summary>
/// <remarks>
/// <code>
/// var report = ModelEvaluation.Run(quantized, test, new EvaluationOptions
/// {
///     Timing = new InferenceTimingOptions { Deadline = TimeSpan.FromMilliseconds(33), Sustained = TimeSpan.FromMinutes(3) },
/// });
/// Console.WriteLine(report);
/// </code>
/// Everything runs in eval mode and without gradient; modes are afterwards as before.
/// </remarks>
public static class ModelEvaluation
{
    private const string FloatName = "float32";
    private const string QuantizedName = "quantized";

    /// <summary>For a model with one input and one output.</summary>
    /// <param name="quantized">The model, attached and not baked: its latent weights are those of the float network.</param>
    /// <param name="data">Its epoch 0 is gone through twice; the first sample of its first batch is what inferences are timed on.</param>
    /// <param name="options">What is measured; null for the defaults.</param>
    /// <param name="progress">Is told of each batch.</param>
    /// <param name="cancellation">Ends it between two batches or inferences.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, there is no sample, or the model has not one input and one output.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    /// <exception cref="OperationCanceledException">It was ended; nothing has changed.</exception>
#pragma warning disable RS0026 // See below.
    public static EvaluationReport Run(
        QuantizedModel quantized,
        IBatchSource<Batch> data,
        EvaluationOptions? options = null,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
#pragma warning restore RS0026
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new EvaluationOptions();
        if (quantized.Whole is not nn.Module<Tensor, Tensor> model)
        {
            throw new ArgumentException(
                $"{quantized.Whole.GetName()} has not one input and one output; give a function that computes a batch of it.",
                nameof(quantized));
        }

        Tensor? sample = null;
        try
        {
            return Run(quantized, data, Evaluate, () => model.call(sample!).Dispose(), options, progress, cancellation);
        }
        finally
        {
            sample?.Dispose();
        }

        BatchResult Evaluate(Batch batch)
        {
            sample ??= batch.Input.narrow(0, 0, 1).clone().DetachFromDisposeScope();
            var output = model.call(batch.Input);
            var count = options.CountCorrect ?? Accuracy.TopOne;
            return new BatchResult(options.Loss(output, batch.Target), batch.Size, () => count(output, batch.Target));
        }
    }

    /// <summary>For any model.</summary>
    /// <typeparam name="TBatch">A batch, which is disposed once it is done with.</typeparam>
    /// <param name="quantized">The model, attached and not baked: its latent weights are those of the float network.</param>
    /// <param name="data">Its epoch 0 is gone through twice.</param>
    /// <param name="evaluate">Computes a batch; <see cref="EvaluationOptions.Loss"/> and its counting are then not asked.</param>
    /// <param name="inference">One inference, to be timed; it runs after the batches. Null leaves the timing out.</param>
    /// <param name="options">What is measured; null for the defaults.</param>
    /// <param name="progress">Is told of each batch.</param>
    /// <param name="cancellation">Ends it between two batches or inferences.</param>
    /// <inheritdoc cref="Run(QuantizedModel, IBatchSource{Batch}, EvaluationOptions?, IProgress{EvaluationProgress}?, CancellationToken)"
    /// path="/exception"/>
#pragma warning disable RS0026 // The function tells the two apart.
    public static EvaluationReport Run<TBatch>(
        QuantizedModel quantized,
        IBatchSource<TBatch> data,
        Func<TBatch, BatchResult> evaluate,
        Action? inference = null,
        EvaluationOptions? options = null,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
        where TBatch : IDisposable
#pragma warning restore RS0026
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(evaluate);
        options ??= new EvaluationOptions();
        options.Validate();
        quantized.RequireAttached();
        if (quantized.IsBaked)
        {
            throw new InvalidOperationException("The model is baked: its float weights are gone. Evaluate it before Bake().");
        }

        using var mode = new EvaluationMode(quantized.Whole);
        using var guard = no_grad();
        var inFloat = options.FloatQuality ?? OfTheWeightsNow();
        var simulated = Quality(QuantizedName);
        var timings = Timings();
        var summary = quantized.Summary();
        return new EvaluationReport(
            new NetworkFigures(
                FloatName,
                inFloat,
                summary.FloatWeightBytes,
                summary.Macs,
                (double)summary.Macs * BitWidth.FloatBits * BitWidth.FloatBits,
                summary.FloatPeakActivationBytes,
                Totals([.. quantized.Profiles.Select(layer => new LayerBits(layer, BitWidth.FloatBits, BitWidth.FloatBits))]),
                timings?[0]),
            new NetworkFigures(
                QuantizedName,
                simulated,
                summary.WeightBytes,
                summary.Macs,
                summary.BitOps,
                summary.PeakActivationBytes,
                Totals(LayerBits.InForce(quantized.Profiles)),
                timings?[1]));

        Training.Evaluation OfTheWeightsNow()
        {
            using var floats = quantized.InFloat();
            return Quality(FloatName);
        }

        Training.Evaluation Quality(string network)
        {
            var total = TrainingProgress.Start;
            var batches = 0;
            foreach (var batch in data.Epoch(0, 0))
            {
                using (batch)
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var result = evaluate(batch);
                    total = total.After(result.Samples, result.Loss.item<float>(), result.CountCorrect?.Invoke());
                }

                progress?.Report(new EvaluationProgress(network, ++batches, data.BatchesPerEpoch));
            }

            return total.Samples > 0
                ? total.Train
                : throw new ArgumentException("There is nothing to evaluate: the data's first epoch has no sample.", nameof(data));
        }

        IReadOnlyList<InferenceTiming>? Timings() => inference is null || options.Timing is null
            ? null
            : InferenceTimer.Measure([InFloat, Simulated], options.Timing, cancellation);

        void InFloat()
        {
            using var asked = quantized.InFloat();
            Simulated();
        }

        void Simulated()
        {
            using var scope = NewDisposeScope();
            inference!();
        }

        IReadOnlyList<CostSummary> Totals(IReadOnlyList<LayerBits> layers) => [.. options.Costs.Select(c => CostSummary.Of(c, layers))];
    }
}
