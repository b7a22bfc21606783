using AdaQat.Training;
using ResNet20Cifar.Output;
using ResNet20Cifar.Output.Progress;

namespace ResNet20Cifar.Training;

/// <summary>Passes what a trainer reports on to the history and to whoever watches.</summary>
internal sealed class HistoryRecorder(AdaQatTrainer trainer, WidthReadings? widths, HistoryFile history, IRunProgress progress)
{
    public void Listen()
    {
        trainer.StepCompleted += (_, step) => Record(step);
        trainer.EpochCompleted += (_, epoch) => Record(epoch);
    }

    private void Record(TrainingStep step)
    {
        var row = new StepRow(
            step.Step,
            step.Epoch,
            step.Loss,
            step.LearningRate,
            widths?.Now(),
            widths?.WeightDifference(step.BitWidths),
            widths?.ActivationDifference(step.BitWidths));
        history.Write(row);
        progress.OnStep(row, trainer.Progress.Correct!.Value / trainer.Progress.Samples);
    }

    private void Record(TrainingEpoch epoch)
    {
        var row = new EpochRow(
            epoch.Step, epoch.Epoch, epoch.Train.Loss, widths?.Now(), epoch.Train.Accuracy!.Value, epoch.Test?.Accuracy ?? double.NaN);
        history.Write(row);
        progress.OnEpoch(row);
    }
}
