using AdaQat.Checkpoints;
using AdaQat.Diagnostics;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>How a trainer trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>How many times the batch source is gone through, at least 1. Default 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>The factor on the groups' learning rates. Default: half a cosine down to 0.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine();

    /// <summary>
    /// How many steps are made in float before the model is quantized, from 0 to one less than the run has. Default 0.
    /// </summary>
    /// <remarks>
    /// For a quantized model. Ranges begin with the first quantized batch; bit-widths then have the rest of the run to settle, and their
    /// steps count from there. Up to the end of the steps in float, evaluations are in float, too, and the
    /// <see cref="ParetoFolder"/> takes no checkpoint in.
    /// </remarks>
    public int QuantizeAfterSteps { get; init; }

    /// <summary>
    /// Where a checkpoint is written after each epoch and when training is cancelled, in place of one that may be there; null writes none.
    /// Default null. A file of another kind is not overwritten: training does not begin.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>A checkpoint also after every so many steps; null only after epochs. At least 1. Default null.</summary>
    public int? CheckpointInterval { get; init; }

    /// <summary>
    /// Where the checkpoints are kept that no other of the run beats in both test accuracy and hardware cost, listed in <c>front.csv</c>;
    /// null keeps none. Default null.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Needs a quantized model and test data. The cost is that of the bit-widths' optimizer, else bit operations. After each epoch its
    /// checkpoint comes in or not, and those that it beats are deleted; of equal ones the first stays. Each holds all of the run and loads
    /// with
    /// <see cref="AdaQatTrainer{TBatch}.Resume"/> or <see cref="Checkpoint.LoadWeights"/>.
    /// </para>
    /// <para>
    /// The folder is made if missing; it must be empty, or this run's where it is resumed. <c>front.csv</c> has the columns epoch, step,
    /// accuracy, cost, weightBits, activationBits (means over all elements, first and last layer included) and file.
    /// </para>
    /// </remarks>
    public string? ParetoFolder { get; init; }

    /// <summary>A teacher to learn from besides the targets; null for none. Default null.</summary>
    /// <remarks>
    /// Training losses and those of probes then contain the teacher's share; evaluations do not. The teacher is asked once a batch and is
    /// not part of checkpoints: a resumed run needs the same one. For <see cref="AdaQatTrainer"/>; a step function asks it itself.
    /// </remarks>
    public Distillation? Distillation { get; init; }

    /// <summary>
    /// Counts what is right in a batch, from the model's output and the target; null counts the samples [batch, classes] whose largest
    /// score is the target's. Default null.
    /// </summary>
    /// <remarks>For <see cref="AdaQatTrainer"/>; a step function counts in <see cref="BatchResult.CountCorrect"/>.</remarks>
    public Func<Tensor, Tensor, double>? CountCorrect { get; init; }

    /// <summary>Who follows the run, in this order: a display, a history, one of your own. Default none.</summary>
    public IReadOnlyList<ITrainingObserver> Observers { get; init; } = [];

    /// <summary>What must be the same for a resumed run to be the uninterrupted one, by name.</summary>
    internal Dictionary<string, string> LoopSettings()
    {
        var settings = new Dictionary<string, string>
        {
            ["epochs"] = OptionTexts.Of(Epochs),
            ["schedule"] = OptionTexts.Of(Schedule),
        };
        if (QuantizeAfterSteps > 0)
        {
            settings["quantizeAfterSteps"] = OptionTexts.Of(QuantizeAfterSteps);
        }

        if (Distillation is not null)
        {
            settings["distillation"] = Distillation.ToString();
        }

        return settings;
    }

    /// <summary>Refuses what a step function does itself.</summary>
    /// <exception cref="ArgumentException">One of these options is set.</exception>
    internal void RequireForStepFunction()
    {
        if (Distillation is not null)
        {
            throw new ArgumentException(
                "Distillation is set, but the loss comes from a step function: add the teacher's share there.", nameof(Distillation));
        }

        if (CountCorrect is not null)
        {
            throw new ArgumentException(
                "CountCorrect is set, but the result comes from a step function: give BatchResult its CountCorrect there.",
                nameof(CountCorrect));
        }
    }

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed; the message names it.</exception>
    public void Validate()
    {
        Guard.AtLeast(Epochs, 1, nameof(Epochs));
        Guard.AtLeast(QuantizeAfterSteps, 0, nameof(QuantizeAfterSteps));
        ArgumentNullException.ThrowIfNull(Schedule);
        ArgumentNullException.ThrowIfNull(Observers);
        if (Observers.Any(observer => observer is null))
        {
            throw new ArgumentException("Observers has a null in it; leave it out.", nameof(Observers));
        }

        Schedule.Validate();
        CheckpointTarget.Validate(CheckpointPath, CheckpointInterval);
        if (ParetoFolder is not null && string.IsNullOrWhiteSpace(ParetoFolder))
        {
            throw new ArgumentException("ParetoFolder is empty; allowed are a folder's path, and null.", nameof(ParetoFolder));
        }

        if (ParetoFolder is not null && File.Exists(ParetoFolder))
        {
            throw new ArgumentException($"ParetoFolder is '{ParetoFolder}', which is a file; name a folder.", nameof(ParetoFolder));
        }
    }
}
