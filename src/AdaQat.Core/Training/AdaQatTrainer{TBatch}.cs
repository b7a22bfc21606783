using AdaQat.Checkpoints;
using AdaQat.Diagnostics;
using AdaQat.Isolation;
using AdaQat.Probing;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>
/// The training loop, for those who have none: forward, backward, bit-widths, weights; a learning-rate schedule, evaluation, checkpoints
/// and reports. A step function says how a batch becomes a loss, so models of any inputs and outputs train with it.
/// </summary>
/// <typeparam name="TBatch">A mini-batch: a type of your own that disposes its tensors.</typeparam>
/// <remarks>
/// Every step's tensors are disposed at its end.
/// <code>
/// var trainer = new AdaQatTrainer&lt;Pair&gt;(widths, weights, pair =&gt;
/// {
///     var (left, right) = (model.call(pair.Left), model.call(pair.Right));
///     return new BatchResult(contrastive(left, right, pair.Same), Samples: pair.Same.shape[0]);
/// });
/// trainer.Fit(pairs);
/// </code>
/// </remarks>
public class AdaQatTrainer<TBatch>
    where TBatch : IDisposable
{
    private readonly TrainedModel _trained;
    private readonly NamedOptimizers _weights;
    private readonly IBatchTask<TBatch> _task;
    private readonly TrainerOptions _options;
    private TrainingProgress? _saved;
    private readonly ModelRandom _random;

    /// <summary>Trains the model of <paramref name="widths"/>, and learns these.</summary>
    /// <param name="widths">The optimizer of the bit-widths.</param>
    /// <param name="weights">The optimizer of the model's parameters, with the initial learning rates.</param>
    /// <param name="step">
    /// Calls the model on a batch: once a step, once for each of its probes, and, in eval mode without gradient, to evaluate.
    /// </param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside what is allowed, or the optimizer moves parameters that are not the model's.
    /// </exception>
    /// <exception cref="NotSupportedException">Checkpoints are asked for, and the optimizer's state cannot be saved.</exception>
    public AdaQatTrainer(
        BitWidthOptimizer widths, optim.Optimizer weights, Func<TBatch, BatchResult> step, TrainerOptions? options = null)
        : this(TrainedModel.Of(widths), new NamedOptimizers(weights), TaskOf(step, options), options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a quantized model whose widths stay as they are.</summary>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="weights">The optimizer of its parameters, with the initial learning rates.</param>
    /// <param name="step">Calls the model on a batch: once a step, and to evaluate, then in eval mode without gradient.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer{TBatch}(BitWidthOptimizer, optim.Optimizer, Func{TBatch, BatchResult}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        QuantizedModel quantized, optim.Optimizer weights, Func<TBatch, BatchResult> step, TrainerOptions? options = null)
        : this(TrainedModel.Of(quantized), new NamedOptimizers(weights), TaskOf(step, options), options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a model in float.</summary>
    /// <param name="model">The model, not attached.</param>
    /// <param name="weights">The optimizer of its parameters, with the initial learning rates.</param>
    /// <param name="step">Calls the model on a batch: once a step, and to evaluate, then in eval mode without gradient.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer{TBatch}(BitWidthOptimizer, optim.Optimizer, Func{TBatch, BatchResult}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        nn.Module model, optim.Optimizer weights, Func<TBatch, BatchResult> step, TrainerOptions? options = null)
        : this(TrainedModel.Of(model), new NamedOptimizers(weights), TaskOf(step, options), options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains the model of <paramref name="widths"/> with several optimizers of its parameters, and learns the widths.</summary>
    /// <param name="widths">The optimizer of the bit-widths.</param>
    /// <param name="optimizers">
    /// The optimizers of the model's parameters, each parameter in one, with a name each: <c>[("weights", sgd), ("alphas", adam)]</c>. All
    /// make a step in every step, and their learning rates follow the schedule.
    /// </param>
    /// <param name="step">Calls the model on a batch, as for one optimizer.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer{TBatch}(BitWidthOptimizer, optim.Optimizer, Func{TBatch, BatchResult}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        BitWidthOptimizer widths, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers, Func<TBatch, BatchResult> step,
        TrainerOptions? options = null)
        : this(TrainedModel.Of(widths), new NamedOptimizers(optimizers), TaskOf(step, options), options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a quantized model whose widths stay as they are, with several optimizers.</summary>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="optimizers">The optimizers of its parameters, each parameter in one, with a name each.</param>
    /// <param name="step">Calls the model on a batch, as for one optimizer.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer{TBatch}(BitWidthOptimizer, optim.Optimizer, Func{TBatch, BatchResult}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        QuantizedModel quantized, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers, Func<TBatch, BatchResult> step,
        TrainerOptions? options = null)
        : this(TrainedModel.Of(quantized), new NamedOptimizers(optimizers), TaskOf(step, options), options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a model in float with several optimizers.</summary>
    /// <param name="model">The model, not attached.</param>
    /// <param name="optimizers">The optimizers of its parameters, each parameter in one, with a name each.</param>
    /// <param name="step">Calls the model on a batch, as for one optimizer.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer{TBatch}(BitWidthOptimizer, optim.Optimizer, Func{TBatch, BatchResult}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        nn.Module model, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers, Func<TBatch, BatchResult> step,
        TrainerOptions? options = null)
        : this(TrainedModel.Of(model), new NamedOptimizers(optimizers), TaskOf(step, options), options ?? new TrainerOptions())
    {
    }

    private protected AdaQatTrainer(TrainedModel trained, NamedOptimizers weights, IBatchTask<TBatch> task, TrainerOptions options)
    {
        options.Validate();
        trained.RequireOptimizersOf(weights);
        if (options.ParetoFolder is not null && trained.Quantized is null)
        {
            throw new ArgumentException(
                "ParetoFolder is for a quantized model: one in float has no hardware cost to weigh against accuracy.", nameof(options));
        }

        if (options.QuantizeAfterSteps > 0 && trained.Quantized is null)
        {
            throw new ArgumentException(
                $"QuantizeAfterSteps is {options.QuantizeAfterSteps}, but the model is in float; allowed is 0.", nameof(options));
        }

        if (options.CheckpointPath is not null || options.ParetoFolder is not null)
        {
            weights.RequireFormat();
        }

        (_trained, _weights, _task, _options) = (trained, weights, task, options);
        _random = trained.Quantized?.Random ?? ModelRandom.Of(trained.Model);
    }

    /// <summary>Whether the model has been trained in float so far: then that is what is evaluated.</summary>
    private bool WasInFloat => _options.QuantizeAfterSteps > 0 && Progress.Step <= _options.QuantizeAfterSteps;

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
    /// The run ends before the bit-widths' <see cref="BitWidthOptimizerOptions.TargetStep"/> or before it is quantized, or it goes on with
    /// another number of batches in an epoch, or there is a <see cref="TrainerOptions.ParetoFolder"/> and no test data or no accuracy; or a
    /// file that is no checkpoint lies at <see cref="TrainerOptions.CheckpointPath"/>; or libtorch refuses a batch.
    /// </exception>
    /// <exception cref="NonFiniteLossException">
    /// The training loss, or a probe's, is NaN or infinite: neither weights nor widths took the step, and statistics, ranges and the random
    /// state are as before it.
    /// </exception>
    /// <exception cref="IOException">
    /// A checkpoint could not be written, the one before is untouched; or <see cref="TrainerOptions.ParetoFolder"/> holds something else.
    /// </exception>
    /// <exception cref="InvalidDataException">The list in <see cref="TrainerOptions.ParetoFolder"/> cannot be read.</exception>
    public TrainingResult Fit(IBatchSource<TBatch> train, IBatchSource<TBatch>? test = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        Guard.AtLeast(train.BatchesPerEpoch, 1, nameof(train.BatchesPerEpoch));
        if (_options.ParetoFolder is not null && test is null)
        {
            throw new ArgumentException(
                "ParetoFolder needs test data, whose accuracy is weighed against the cost; give them too.", nameof(test));
        }

        CheckpointTarget.RequireOurs(_options.CheckpointPath);
        var steps = (long)train.BatchesPerEpoch * _options.Epochs;
        if (_options.QuantizeAfterSteps >= steps)
        {
            throw new ArgumentException(
                $"QuantizeAfterSteps is {_options.QuantizeAfterSteps}, but the run has {steps} steps; allowed are 0 to {steps - 1}.");
        }

        RequireSameBatches(train);
        _trained.Widths?.PlanRun(steps - _options.QuantizeAfterSteps);
        var front = OpenFront(test);
        var plan = new TrainingPlan(_options.Epochs, train.BatchesPerEpoch, Progress.Step, Progress.Epoch);
        using var observed = new ObservedRun(_options.Observers, _trained.Quantized, plan);
        TrainingEpoch? last = null;
        while (Progress.Epoch < _options.Epochs && !cancellation.IsCancellationRequested)
        {
            RunEpoch(train, observed, steps, cancellation);
            if (Progress.Batch < train.BatchesPerEpoch)
            {
                break;
            }

            // An epoch that was trained is measured to its end, so that a run that goes on has all of its history.
            var tested = test is null ? null : Evaluate(test, CancellationToken.None);
            last = new TrainingEpoch(Progress.Epoch + 1, Progress.Step, Progress.Train, tested, observed.Widths(null));
            Progress = Progress.NextEpoch();
            observed.OnEpoch(last);
            EpochCompleted?.Invoke(this, last);
            SaveCheckpoint();
            if (!WasInFloat)
            {
                front?.Offer(State(), last.Test!);
            }
        }

        // An interruption, also one before the first step, and a run whose observer failed before its checkpoint was written.
        if (_saved != Progress)
        {
            SaveCheckpoint();
        }

        observed.End();
        return new TrainingResult(Progress.Step, Progress.Epoch >= _options.Epochs, last);
    }

    /// <summary>Mean loss and accuracy in eval mode, without gradient; the model's mode is afterwards as before.</summary>
    /// <param name="data">The data; its epoch 0 is gone through.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public Evaluation Evaluate(IBatchSource<TBatch> data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var mode = new EvaluationMode(_trained.Model);
        using var inFloat = WasInFloat ? _trained.Quantized!.InFloat() : null;
        using var guard = no_grad();
        var total = TrainingProgress.Start;
        foreach (var batch in data.Epoch(0, 0))
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var result = Checked(_task.Evaluate(batch));
                total = total.After(result.Samples, ScalarLoss.Value(result.Loss), result.CountCorrect?.Invoke());
            }
        }

        return total.Samples > 0
            ? total.Train
            : throw new ArgumentException("There is nothing to evaluate: the data's first epoch has no sample.", nameof(data));
    }

    /// <summary>Writes all state to <see cref="TrainerOptions.CheckpointPath"/>; does nothing where that is null.</summary>
    public void SaveCheckpoint()
    {
        if (_options.CheckpointPath is { } path)
        {
            Checkpoint.Save(path, State());
            _saved = Progress;
            CheckpointSaved?.Invoke(this, Progress);
        }
    }

    /// <summary>Continues the run that wrote the checkpoint, to the bit on the same machine with as many threads.</summary>
    /// <param name="path">A checkpoint of the same model, quantizers and optimizers.</param>
    /// <exception cref="CheckpointException">The file is damaged, or of another model or optimizer; nothing has changed.</exception>
    public void Resume(string path) => _saved = Progress = Checkpoint.Load(path, State());

    private static StepFunction<TBatch> TaskOf(Func<TBatch, BatchResult> step, TrainerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(step);
        options?.RequireForStepFunction();
        return new StepFunction<TBatch>(step);
    }

    private TrainingState State() =>
        new(_trained.Model, _weights, _trained.Quantized, _trained.Widths, Progress)
        {
            LoopSettings = _options.LoopSettings(),
            Random = _random,
        };

    /// <summary>Trains to the end of the epoch under way, or until it is to stop.</summary>
    private void RunEpoch(IBatchSource<TBatch> train, ObservedRun observed, long steps, CancellationToken cancellation)
    {
        _trained.Model.train();
        using var undo = new StepUndo(_trained.Model, _random);
        foreach (var batch in train.Epoch(Progress.Epoch, Progress.Batch))
        {
            using (batch)
            {
                // Told of outside the step's dispose scope: what an observer makes is its own.
                var report = Step(batch, steps, undo);
                Progress = Progress with { BatchesPerEpoch = train.BatchesPerEpoch };
                report = report with { Widths = observed.Widths(report.BitWidths) };
                observed.OnStep(report);
                StepCompleted?.Invoke(this, report);
            }

            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            if (Progress.Batch < train.BatchesPerEpoch && Progress.Step % _options.CheckpointInterval == 0)
            {
                SaveCheckpoint();
            }
        }

        if (Progress.Batch != train.BatchesPerEpoch)
        {
            throw new InvalidOperationException(
                $"The batch source says that an epoch has {train.BatchesPerEpoch} batches, but epoch {Progress.Epoch} came to "
                + $"{Progress.Batch}.");
        }
    }

    private TrainingStep Step(TBatch batch, long steps, StepUndo undo)
    {
        using var scope = NewDisposeScope();
        undo.Begin(Progress.Step);
        try
        {
            return TryStep(batch, steps);
        }
        catch (NonFiniteLossException)
        {
            _trained.Quantized?.UndoStartedRanges();
            undo.Undo();
            throw;
        }
    }

    private TrainingStep TryStep(TBatch batch, long steps)
    {
        var rate = SetLearningRate(_options.Schedule.FactorAt(Progress.Step, steps));
        using var inFloat = Progress.Step < _options.QuantizeAfterSteps ? _trained.Quantized!.InFloat() : null;
        foreach (var optimizer in _weights.All)
        {
            optimizer.zero_grad();
        }

        var forward = _task.Begin(batch);
        var result = Checked(forward());
        var value = ScalarLoss.Value(result.Loss);
        if (!double.IsFinite(value))
        {
            throw new NonFiniteLossException(FormattableString.Invariant(
                $"The training loss is {value} in step {Progress.Step + 1}: the step is refused, nothing has changed. ")
                + BatchFaults.Advice(batch));
        }

        var correct = result.CountCorrect?.Invoke();
        result.Loss.backward();
        _trained.Quantized?.EndBackward();
        var widths = inFloat is null ? _trained.Widths?.Step(result.Loss, () => forward().Loss) : null;
        foreach (var optimizer in _weights.All)
        {
            optimizer.StepHeld();
        }

        Progress = Progress.After(result.Samples, value, correct);
        return new TrainingStep(
            Progress.Step, Progress.Epoch + 1, Progress.Batch, result.Samples, value, rate, Progress.Train, widths, Widths: null);
    }

    /// <summary>A run that goes on with an epoch of another length would neither stand where it stood nor end where it was to.</summary>
    private void RequireSameBatches(IBatchSource<TBatch> train)
    {
        if (Progress is { Step: > 0, BatchesPerEpoch: { } before } && before != train.BatchesPerEpoch)
        {
            throw new ArgumentException(
                $"The run has had {before} batches in an epoch, and goes on with {train.BatchesPerEpoch}: give it the batches that it was "
                + "begun with.", nameof(train));
        }
    }

    /// <summary>Refuses what a step function must not return, before anything has moved.</summary>
    private BatchResult Checked(BatchResult result)
    {
        if (result.Samples < 1)
        {
            throw new ArgumentException($"The step function returned a result of {result.Samples} samples; allowed are 1 and more.");
        }

        if (_options.ParetoFolder is not null && result.CountCorrect is null)
        {
            throw new ArgumentException("ParetoFolder weighs accuracy against cost: the step function's result needs a CountCorrect.");
        }

        return result;
    }

    /// <summary>The epoch that the last checkpoint ends with is measured again where a kill came before it was offered.</summary>
    private ParetoCheckpoints? OpenFront(IBatchSource<TBatch>? test)
    {
        if (_options.ParetoFolder is not { } path)
        {
            return null;
        }

        var cost = _trained.Widths?.Options.Cost ?? new BitOpsCost();
        var front = new ParetoCheckpoints(ParetoFolder.Open(path, Progress.Step), _trained.Quantized!, cost);
        if (Progress is { Epoch: > 0, Batch: 0 } && !WasInFloat && !front.Has(Progress.Epoch))
        {
            front.Offer(State(), Evaluate(test!));
        }

        return front;
    }

    private double SetLearningRate(double factor)
    {
        var first = double.NaN;
        foreach (var group in _weights.All.SelectMany(o => o.ParamGroups))
        {
            group.LearningRate = group.InitialLearningRate * factor;
            first = double.IsNaN(first) ? group.LearningRate : first;
        }

        return first;
    }
}
