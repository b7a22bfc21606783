using AdaQat.Training;

namespace AdaQat.Tests.Support;

/// <summary>What a display is told of a run of two epochs of three steps, without a run.</summary>
internal static class PretendedRun
{
    public static TrainingPlan Plan { get; } = new(Epochs: 2, BatchesPerEpoch: 3, DoneSteps: 0, DoneEpochs: 0);

    public static void Show(IRunDisplay display, double? accuracy = 0.25, bool isQuantized = true)
    {
        var widths = isQuantized ? new WidthReading(5.43, 6, 6, 6, null, null, null, null) : null;
        display.Say("before");
        display.OnStart(Plan);
        for (var step = 1; step <= Plan.Steps; step++)
        {
            var epoch = (step + 2) / 3;
            var measured = new Evaluation(2, accuracy, 128);
            display.OnStep(new TrainingStep(step, epoch, 1, 128, 2, 0.1, measured, null, widths));
            if (step == 2)
            {
                display.OnWarning(new QuantizationWarning("conv1", "[a note]"));
            }

            if (step % 3 == 0)
            {
                display.OnEpoch(new TrainingEpoch(epoch, step, measured, accuracy is null ? null : new Evaluation(1, 0.5, 10), widths));
            }
        }

        display.OnEnd();
        display.Say("after");
    }
}
