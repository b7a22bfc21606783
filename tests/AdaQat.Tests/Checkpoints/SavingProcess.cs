using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>
/// Saves one checkpoint after the other, of some megabytes each, until it is killed. It resumes from the file where there is one,
/// says which step that was, and after every save which step is safely in it.
/// </summary>
internal static class SavingProcess
{
    public const string Verb = "save";

    public static void Run(string path, int saves)
    {
        using var model = nn.Sequential(
            ("fc1", nn.Linear(1024, 512)), ("relu", nn.ReLU()), ("fc2", nn.Linear(512, 512)), ("fc3", nn.Linear(512, 10)));
        using var example = ones(1, 1024);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());
        using var weights = optim.SGD(quantized.Parameters(), 0.1, momentum: 0.9);
        var widths = new BitWidthOptimizer(quantized, Schedules.Economical);

        var progress = File.Exists(path) ? Checkpoint.Resume(path, quantized, weights, widths) : TrainingProgress.Start;
        if (progress.Step > 0)
        {
            RequireOneStep(quantized, progress.Step, progress.Notes);
        }

        Console.WriteLine($"resumed {progress.Step}");
        for (var step = progress.Step + 1; saves-- > 0; step++)
        {
            FillWith(quantized, step);
            var note = new Dictionary<string, string> { ["step"] = $"{step}" };
            Checkpoint.Save(path, quantized, weights, widths, new TrainingProgress(Step: step) { Notes = note });
            Console.WriteLine($"saved {step}");
        }
    }

    /// <summary>Every number in the model is the step's, so that a mixture of two checkpoints would show.</summary>
    private static void FillWith(QuantizedModel quantized, int step)
    {
        using var guard = no_grad();
        foreach (var parameter in quantized.Parameters())
        {
            parameter.fill_(step);
        }
    }

    private static void RequireOneStep(QuantizedModel quantized, int step, IReadOnlyDictionary<string, string> saved)
    {
        using var guard = no_grad();
        foreach (var parameter in quantized.Parameters())
        {
            using var scope = NewDisposeScope();
            if (!parameter.eq(step).all().item<bool>() || saved["step"] != $"{step}")
            {
                throw new InvalidDataException($"The checkpoint says that it is of step {step}, but it holds numbers of others.");
            }
        }
    }
}
