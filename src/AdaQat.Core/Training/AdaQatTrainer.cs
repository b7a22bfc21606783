using AdaQat.Checkpoints;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>
/// The training loop for a model that takes a tensor and returns one, with a target for each input: classifiers above all.
/// </summary>
/// <remarks>
/// Give it the one thing that is to be trained: the optimizer of the bit-widths, or the quantized model whose widths are fixed, or a model
/// in float.
/// <code>
/// var trainer = new AdaQatTrainer(widths, weights, criterion.call, new TrainerOptions { Epochs = 10, CheckpointPath = "run.ckpt" });
/// var result = trainer.Fit(train, test);
/// </code>
/// For several inputs, a batch or a loss of another kind, <see cref="AdaQatTrainer{TBatch}"/> takes a step function.
/// </remarks>
public sealed class AdaQatTrainer : AdaQatTrainer<Batch>
{
    /// <summary>Trains the model of <paramref name="widths"/>, and learns these.</summary>
    /// <param name="widths">The optimizer of the bit-widths.</param>
    /// <param name="weights">The optimizer of the model's parameters, with the initial learning rates.</param>
    /// <param name="loss">The mean loss over the batch, from the model's output and the target.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside what is allowed, the model takes or returns something else than one tensor, or the optimizer moves parameters
    /// that are not the model's.
    /// </exception>
    /// <exception cref="NotSupportedException">Checkpoints are asked for, and the optimizer's state cannot be saved.</exception>
    public AdaQatTrainer(
        BitWidthOptimizer widths, optim.Optimizer weights, Func<Tensor, Tensor, Tensor> loss, TrainerOptions? options = null)
        : this(TrainedModel.Of(widths), new NamedOptimizers(weights), loss, options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a quantized model whose widths stay as they are.</summary>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="weights">The optimizer of its parameters, with the initial learning rates.</param>
    /// <param name="loss">The mean loss over the batch, from the model's output and the target.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer(BitWidthOptimizer, optim.Optimizer, Func{Tensor, Tensor, Tensor}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        QuantizedModel quantized, optim.Optimizer weights, Func<Tensor, Tensor, Tensor> loss, TrainerOptions? options = null)
        : this(TrainedModel.Of(quantized), new NamedOptimizers(weights), loss, options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a model in float.</summary>
    /// <param name="model">The model, not attached.</param>
    /// <param name="weights">The optimizer of its parameters, with the initial learning rates.</param>
    /// <param name="loss">The mean loss over the batch, from the model's output and the target.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer(BitWidthOptimizer, optim.Optimizer, Func{Tensor, Tensor, Tensor}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        nn.Module<Tensor, Tensor> model, optim.Optimizer weights, Func<Tensor, Tensor, Tensor> loss, TrainerOptions? options = null)
        : this(TrainedModel.Of(model), new NamedOptimizers(weights), loss, options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains the model of <paramref name="widths"/> with several optimizers of its parameters, and learns the widths.</summary>
    /// <param name="widths">The optimizer of the bit-widths.</param>
    /// <param name="optimizers">
    /// The optimizers of the model's parameters, each parameter in one, with a name each: <c>[("weights", sgd), ("alphas", adam)]</c>. All
    /// make a step in every step, and their learning rates follow the schedule.
    /// </param>
    /// <param name="loss">The mean loss over the batch, from the model's output and the target.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer(BitWidthOptimizer, optim.Optimizer, Func{Tensor, Tensor, Tensor}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        BitWidthOptimizer widths, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers,
        Func<Tensor, Tensor, Tensor> loss, TrainerOptions? options = null)
        : this(TrainedModel.Of(widths), new NamedOptimizers(optimizers), loss, options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a quantized model whose widths stay as they are, with several optimizers.</summary>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="optimizers">The optimizers of its parameters, each parameter in one, with a name each.</param>
    /// <param name="loss">The mean loss over the batch, from the model's output and the target.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer(BitWidthOptimizer, optim.Optimizer, Func{Tensor, Tensor, Tensor}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        QuantizedModel quantized, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers,
        Func<Tensor, Tensor, Tensor> loss, TrainerOptions? options = null)
        : this(TrainedModel.Of(quantized), new NamedOptimizers(optimizers), loss, options ?? new TrainerOptions())
    {
    }

    /// <summary>Trains a model in float with several optimizers.</summary>
    /// <param name="model">The model, not attached.</param>
    /// <param name="optimizers">The optimizers of its parameters, each parameter in one, with a name each.</param>
    /// <param name="loss">The mean loss over the batch, from the model's output and the target.</param>
    /// <param name="options">Epochs, schedule, checkpoints; null for the defaults.</param>
    /// <inheritdoc cref="AdaQatTrainer(BitWidthOptimizer, optim.Optimizer, Func{Tensor, Tensor, Tensor}, TrainerOptions?)"
    /// path="/exception"/>
    public AdaQatTrainer(
        nn.Module<Tensor, Tensor> model, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers,
        Func<Tensor, Tensor, Tensor> loss, TrainerOptions? options = null)
        : this(TrainedModel.Of(model), new NamedOptimizers(optimizers), loss, options ?? new TrainerOptions())
    {
    }

    private AdaQatTrainer(TrainedModel trained, NamedOptimizers weights, Func<Tensor, Tensor, Tensor> loss, TrainerOptions options)
        : base(trained, weights, TaskOf(trained, loss, options), options)
    {
    }

    private static SupervisedTask TaskOf(TrainedModel trained, Func<Tensor, Tensor, Tensor> loss, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (ReferenceEquals(options.Distillation?.Teacher, trained.Model))
        {
            throw new ArgumentException(
                "The teacher is the model to train; it must be another instance, such as one in float with the same weights.",
                nameof(options));
        }

        return new SupervisedTask(trained.OfOneInput(), loss, options.CountCorrect ?? Accuracy.TopOne, options.Distillation);
    }
}
