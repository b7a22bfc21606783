using AdaQat;
using AdaQat.Quantizers;
using AdaQat.Reports;
using AdaQat.Training;
using static TorchSharp.torch;

namespace EdgeWorkflow;

/// <summary>The walk from a float network to one of mixed precision, as docs/workflow.md prints it.</summary>
internal static class Workflow
{
    public static EvaluationReport? Run(
        nn.Module<Tensor, Tensor> model, IBatchSource<Batch> train, IBatchSource<Batch> test, WorkflowOptions options,
        IRunDisplay display, CancellationToken stop)
    {
        // The page prints what follows, word for word.
        // 1. Train in float.
        using var sgd = optim.SGD(model.parameters(), 0.05, momentum: 0.9, weight_decay: 1e-4);
        new AdaQatTrainer(model, sgd, CrossEntropy, new TrainerOptions { Epochs = options.Epochs, Observers = [display] })
            .Fit(train, test, stop);
        stop.ThrowIfCancellationRequested();

        // 2. Attach: a width for each weight and each layer's input, of those that the hardware has.
        using var batch = train.Epoch(0, 0).First();
        using var example = batch.Input.narrow(0, 0, 1);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Learned(allowed: [2, 4, 8]),
            ActivationBits = BitWidthChoice.Learned(allowed: [2, 4, 8]),
            WeightSharing = WidthSharing.Layer,
            ActivationSharing = WidthSharing.Layer,
        });

        // 3. Calibrate: ranges from data.
        display.Say(quantized.Calibrate([batch.Input], new CalibrationOptions(), cancellationToken: stop).ToString());

        // What the float network is worth, before its weights are trained on.
        var before = ModelEvaluation.Run(quantized, test, new EvaluationOptions { Timing = null }, cancellation: stop);
        display.Say(before.ToString());

        // 4. Analyse: what each layer loses at each width, as a page to look at.
        var sensitivity = SensitivityAnalysis.Run(
            quantized, train, CrossEntropy, new SensitivityOptions { Batches = 2, WeightBits = [2, 4, 8], ActivationBits = [2, 4, 8] },
            new StepProgress<SensitivityProgress>("analysing", p => (double)p.Done / p.Total, display.Say), stop);
        SensitivityPage.Write(sensitivity, Path.Combine(options.Out, "sensitivity.html"));

        // 5. Allocate: the bits that lose least within a budget.
        var cost = new BitOpsCost();
        var budget = options.Budget * quantized.Cost(cost);
        var plan = MixedPrecision.Allocate(quantized, sensitivity, cost, budget);
        display.Say(plan.ToString());
        if (!plan.IsMet)
        {
            return null;
        }

        plan.Save(Path.Combine(options.Out, "plan.json"));
        plan.Start(quantized);

        // 6. Fine-tune with AdaQAT, from these bits and within the same budget.
        using var weights = optim.SGD(quantized.Parameters(), 0.01, momentum: 0.9, weight_decay: 1e-4);
        var widths = new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions
        {
            TargetBitOps = budget,
            TotalSteps = options.FineTuningEpochs * train.BatchesPerEpoch,
        });
        new AdaQatTrainer(widths, weights, CrossEntropy, new TrainerOptions { Epochs = options.FineTuningEpochs, Observers = [display] })
            .Fit(train, test, stop);
        stop.ThrowIfCancellationRequested();

        // 7. Evaluate: float and quantized side by side.
        var report = ModelEvaluation.Run(quantized, test, new EvaluationOptions
        {
            FloatQuality = before.InFloat.Quality,
            Costs = [new StoredWeightCost(), quantized.MemoryTraffic, new EnergyCost(EnergyTable.Horowitz45, quantized.MemoryTraffic)],
            Timing = new InferenceTimingOptions { Deadline = TimeSpan.FromMilliseconds(33) },
        }, cancellation: stop);
        File.WriteAllText(Path.Combine(options.Out, "evaluation.json"), report.ToJson());
        new ReportPage($"{options.Network} within {options.Budget:P0} of its bit operations at 8 bits")
            .Add(report).Add(quantized).Add(plan).Add(sensitivity).Write(Path.Combine(options.Out, "report.html"));
        display.Say(quantized.Summary().ToString());
        display.Say(report.ToString());

        static Tensor CrossEntropy(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);
        // The page ends here.
        return report;
    }
}
