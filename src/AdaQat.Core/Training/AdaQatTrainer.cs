using AdaQat.Checkpoints;
using AdaQat.Diagnostics;
using AdaQat.Isolation;
using AdaQat.Probing;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>
/// The training loop, for those who have none: forward, backward, bit-widths, weights; a learning-rate schedule, evaluation, checkpoints
/// and reports.
/// </summary>
/// <remarks>It trains models without quantization and with fixed widths too. Every step's tensors are disposed at its end.</remarks>
public sealed class AdaQatTrainer
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _weights;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly QuantizedModel? _quantized;
    private readonly BitWidthOptimizer? _widths;
    private readonly TrainerOptions _options;

    /// <summary>Trains <paramref name="model"/>.</summary>
    /// <param name="model">The model, attached or not.</param>
    /// <param name="weights">The optimizer of its parameters, with the initial learning rates.</param>
    /// <param name="loss">The mean loss over the batch, from the model's output and the target.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <param name="quantized">The handle from attaching, or null for a model in float.</param>
    /// <param name="widths">The optimizer of the bit-widths, or null for fixed widths.</param>
    /// <exception cref="ArgumentException">An option is outside what is allowed, or the arguments are not of the same model.</exception>
    /// <exception cref="NotSupportedException">Checkpoints are asked for, and the optimizer's state cannot be saved.</exception>
    public AdaQatTrainer(
        nn.Module<Tensor, Tensor> model, optim.Optimizer weights, Func<Tensor, Tensor, Tensor> loss, TrainerOptions? options = null,
        QuantizedModel? quantized = null, BitWidthOptimizer? widths = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(loss);
        if (quantized is not null && !ReferenceEquals(quantized.Model, model))
        {
            throw new ArgumentException("The quantized model is of another model than the one to train.", nameof(quantized));
        }

        if (widths is not null && quantized is null)
        {
            throw new ArgumentException("Bit-widths can be learned of a quantized model only; give it too.", nameof(widths));
        }

        if (widths is not null && !ReferenceEquals(widths.Model, quantized))
        {
            throw new ArgumentException("The optimizer of the bit-widths is of another quantized model.", nameof(widths));
        }

        (_model, _weights, _loss, _quantized, _widths) = (model, weights, loss, quantized, widths);
        _options = options ?? new TrainerOptions();
        _options.Validate();
        if (ReferenceEquals(_options.Distillation?.Teacher, model))
        {
            throw new ArgumentException(
                "The teacher is the model to train; it must be another instance, such as one in float with the same weights.",
                nameof(options));
        }

        if (_options.ParetoFolder is not null && quantized is null)
        {
            throw new ArgumentException(
                "ParetoFolder is for a quantized model: one in float has no hardware cost to weigh against accuracy.", nameof(options));
        }

        if (_options.CheckpointPath is not null || _options.ParetoFolder is not null)
        {
            OptimizerBytes.RequireFormat(weights);
        }
    }

    /// <summary>Raised after every step.</summary>
    public event EventHandler<TrainingStep>? StepCompleted;

    /// <summary>Raised after every epoch and its evaluation, before its checkpoint.</summary>
    public event EventHandler<TrainingEpoch>? EpochCompleted;

    /// <summary>Raised when a checkpoint is safely on disk, with where the run stands in it.</summary>
    public event EventHandler<TrainingProgress>? CheckpointSaved;

    /// <summary>Where the run stands.</summary>
    public TrainingProgress Progress { get; private set; } = TrainingProgress.Start;

    /// <summary>
    /// Trains until all epochs are done or <paramref name="cancellation"/> asks to stop, which ends the step under way and writes a
    /// checkpoint.
    /// </summary>
    /// <param name="train">The training data.</param>
    /// <param name="test">Evaluated after every epoch; null for none.</param>
    /// <param name="cancellation">Ends the run after the step under way.</param>
    /// <exception cref="ArgumentException">
    /// The run ends before the bit-widths' <see cref="BitWidthOptimizerOptions.TargetStep"/>.
    /// </exception>
    /// <exception cref="NonFiniteLossException">
    /// The training loss, or a probe's, is NaN or infinite: neither weights nor widths took the step.
    /// </exception>
    /// <exception cref="IOException">
    /// A checkpoint could not be written, the one before is untouched; or <see cref="TrainerOptions.ParetoFolder"/> holds something else.
    /// </exception>
    /// <exception cref="InvalidDataException">The list in <see cref="TrainerOptions.ParetoFolder"/> cannot be read.</exception>
    public TrainingResult Fit(IBatchSource train, IBatchSource? test = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        Guard.AtLeast(train.BatchesPerEpoch, 1, nameof(train.BatchesPerEpoch));
        if (_options.ParetoFolder is not null && test is null)
        {
            throw new ArgumentException(
                "ParetoFolder needs test data, whose accuracy is weighed against the cost; give them too.", nameof(test));
        }

        var steps = (long)train.BatchesPerEpoch * _options.Epochs;
        _widths?.PlanRun(steps);
        var front = OpenFront(test);
        TrainingEpoch? last = null;
        while (Progress.Epoch < _options.Epochs)
        {
            if (cancellation.IsCancellationRequested)
            {
                return new TrainingResult(Progress.Step, Completed: false, last);
            }

            _model.train();
            foreach (var batch in train.Epoch(Progress.Epoch, Progress.Batch))
            {
                using (batch)
                {
                    Step(batch, steps);
                }

                if (cancellation.IsCancellationRequested)
                {
                    break;
                }

                if (Progress.Batch < train.BatchesPerEpoch && Progress.Step % _options.CheckpointInterval == 0)
                {
                    SaveCheckpoint();
                }
            }

            if (Progress.Batch != train.BatchesPerEpoch && !cancellation.IsCancellationRequested)
            {
                throw new InvalidOperationException(
                    $"The batch source says that an epoch has {train.BatchesPerEpoch} batches, but epoch {Progress.Epoch} came to "
                    + $"{Progress.Batch}.");
            }

            if (Progress.Batch < train.BatchesPerEpoch)
            {
                SaveCheckpoint();
                return new TrainingResult(Progress.Step, Completed: false, last);
            }

            last = new TrainingEpoch(Progress.Epoch + 1, Progress.Step, Progress.Train, test is null ? null : Evaluate(test));
            Progress = Progress.NextEpoch();
            EpochCompleted?.Invoke(this, last);
            SaveCheckpoint();
            if (front is not null)
            {
                OfferTo(front, last.Test!);
            }
        }

        return new TrainingResult(Progress.Step, Completed: true, last);
    }

    /// <summary>Mean loss and accuracy in eval mode, without gradient; the model's mode is afterwards as before.</summary>
    /// <param name="data">The data; its epoch 0 is gone through.</param>
    public Evaluation Evaluate(IBatchSource data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var mode = new EvaluationMode(_model);
        using var guard = no_grad();
        var (samples, loss, correct) = (0L, 0.0, 0.0);
        foreach (var batch in data.Epoch(0, 0))
        {
            using (batch)
            {
                using var scope = NewDisposeScope();
                var output = _model.call(batch.Input);
                loss += ScalarLoss.Value(_loss(output, batch.Target)) * batch.Size;
                correct += _options.CountCorrect(output, batch.Target);
                samples += batch.Size;
            }
        }

        if (samples == 0)
        {
            throw new ArgumentException("There is nothing to evaluate: the data's first epoch has no sample.", nameof(data));
        }

        return new Evaluation(loss / samples, correct / samples, samples);
    }

    /// <summary>Writes all state to <see cref="TrainerOptions.CheckpointPath"/>; does nothing where that is null.</summary>
    public void SaveCheckpoint()
    {
        if (_options.CheckpointPath is { } path)
        {
            Checkpoint.Save(path, State());
            CheckpointSaved?.Invoke(this, Progress);
        }
    }

    /// <summary>Continues the run that wrote the checkpoint, to the bit on the same machine with as many threads.</summary>
    /// <param name="path">A checkpoint of the same model, quantizers and optimizers.</param>
    /// <exception cref="CheckpointException">The file is damaged, or of another model or optimizer; nothing has changed.</exception>
    public void Resume(string path) => Progress = Checkpoint.Load(path, State()).Progress;

    private TrainingState State() => new(_model, _weights, _quantized, _widths, Progress) { LoopSettings = LoopSettings() };

    private Dictionary<string, string> LoopSettings()
    {
        var settings = new Dictionary<string, string>
        {
            ["epochs"] = OptionTexts.Of(_options.Epochs),
            ["schedule"] = OptionTexts.Of(_options.Schedule),
        };
        if (_options.Distillation is { } distillation)
        {
            settings["distillation"] = distillation.ToString();
        }

        return settings;
    }

    private void Step(Batch batch, long steps)
    {
        using var scope = NewDisposeScope();
        var rate = SetLearningRate(_options.Schedule.FactorAt(Progress.Step, steps));
        _weights.zero_grad();
        var taught = _options.Distillation?.Teach(batch.Input);
        var output = _model.call(batch.Input);
        var loss = Loss(output, batch.Target, taught);
        var value = ScalarLoss.Value(loss);
        if (!double.IsFinite(value))
        {
            throw new NonFiniteLossException(FormattableString.Invariant(
                $"The training loss is {value} in step {Progress.Step + 1}: the step is refused. A smaller learning rate may help."));
        }

        var correct = _options.CountCorrect(output, batch.Target);
        loss.backward();
        _quantized?.ThrowIfBackwardFailed();
        var widths = _widths?.Step(loss, () => Loss(_model.call(batch.Input), batch.Target, taught));
        _weights.step();
        Progress = Progress.After(batch.Size, value, correct);
        StepCompleted?.Invoke(this, new TrainingStep(
            Progress.Step, Progress.Epoch + 1, Progress.Batch, batch.Size, value, rate, widths));
    }

    private Tensor Loss(Tensor output, Tensor target, Tensor? taught)
    {
        var task = _loss(output, target);
        return taught is null ? task : _options.Distillation!.Loss(task, output, taught);
    }

    /// <summary>The epoch that the last checkpoint ends with is measured again where a kill came before it was offered.</summary>
    private ParetoFolder? OpenFront(IBatchSource? test)
    {
        if (_options.ParetoFolder is not { } path)
        {
            return null;
        }

        var front = ParetoFolder.Open(path, Progress.Step);
        if (Progress is { Epoch: > 0, Batch: 0 } && !front.Has(Progress.Epoch))
        {
            OfferTo(front, Evaluate(test!));
        }

        return front;
    }

    private void OfferTo(ParetoFolder front, Evaluation test)
    {
        var layers = _quantized!.Profiles;
        var cost = _widths?.Options.Cost ?? new BitOpsCost();
        var point = new ParetoPoint(
            Progress.Epoch,
            Progress.Step,
            test.Accuracy,
            cost.Total(layers),
            Mean(layers, l => l.WeightCount, l => l.WeightBits),
            Mean(layers, l => l.ActivationCount, l => l.ActivationBits),
            File: "");
        front.Offer(point, path => Checkpoint.Save(path, State()));
    }

    private static double Mean(IReadOnlyList<LayerProfile> layers, Func<LayerProfile, long> count, Func<LayerProfile, BitWidth> width) =>
        layers.Sum(l => (double)count(l) * width(l).Bits) / layers.Sum(count);

    private double SetLearningRate(double factor)
    {
        var first = double.NaN;
        foreach (var group in _weights.ParamGroups)
        {
            group.LearningRate = group.InitialLearningRate * factor;
            first = double.IsNaN(first) ? group.LearningRate : first;
        }

        return first;
    }
}
