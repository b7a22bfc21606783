using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>A small network with batch normalisation and dropout, its optimizer and its trainer, the same at every call.</summary>
internal sealed class TrainerRun : IDisposable
{
    public TrainerRun(
        TrainerOptions? options = null, bool isQuantized = true, bool adam = false, BitWidthOptimizerOptions? widths = null,
        Func<Tensor, Tensor, Tensor>? loss = null, QuantizationOptions? scheme = null, long seed = 3)
    {
        manual_seed(seed);
        Model = Networks.Convolutional();
        if (isQuantized)
        {
            var (example, _) = Networks.Images(1);
            Quantized = QuantizedModel.Attach(Model, example, scheme ?? new QuantizationOptions());
            Widths = new BitWidthOptimizer(
                Quantized, widths ?? Schedules.Exact with { LearningRate = 0.2, OscillationThreshold = 1 });
        }

        var parameters = Quantized?.Parameters() ?? Model.parameters();
        Weights = adam ? optim.AdamW(parameters, 0.01) : optim.SGD(parameters, 0.05, momentum: 0.9, weight_decay: 1e-4);
        loss ??= CrossEntropy;
        Trainer = Widths is null
            ? new AdaQatTrainer(Model, Weights, loss, options)
            : new AdaQatTrainer(Widths, Weights, loss, options);
    }

    public nn.Module<Tensor, Tensor> Model { get; }

    public QuantizedModel? Quantized { get; }

    public BitWidthOptimizer? Widths { get; }

    public OptimizerHelper Weights { get; }

    public AdaQatTrainer Trainer { get; }

    public static Tensor CrossEntropy(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    /// <summary>A run that is cancelled after a step and saves, before it is complete.</summary>
    public TrainingResult FitUntil(long step, IBatchSource<Batch> train, IBatchSource<Batch>? test = null)
    {
        using var cancellation = new CancellationTokenSource();
        Trainer.StepCompleted += (_, s) => (s.Step == step ? cancellation : null)?.Cancel();
        var result = Trainer.Fit(train, test, cancellation.Token);
        result.Completed.Should().BeFalse();
        return result;
    }

    /// <summary>
    /// All that a run is, by name: weights, quantizers, statistics, widths and counters, momentum, random state, position.
    /// </summary>
    public Dictionary<string, byte[]> Everything()
    {
        var everything = Bits.OfState(Model);
        everything["(optimizer)"] = Bits.OfOptimizer(Weights);
        everything["(random)"] = Bits.OfRandomState();
        everything["(progress)"] = Text(Trainer.Progress);
        everything["(widths)"] = Text(Widths?.Snapshot());
        return everything;
    }

    public void Dispose()
    {
        Weights.Dispose();
        Quantized?.Dispose();
        Model.Dispose();
    }

    private static byte[] Text<T>(T value) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value);
}
