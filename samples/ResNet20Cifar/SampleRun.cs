using System.Globalization;
using AdaQat.Training;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Output;
using ResNet20Cifar.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using Spectre.Console;

namespace ResNet20Cifar;

/// <summary>The sample's course: options, data, training, results.</summary>
public static class SampleRun
{
    /// <summary>What a run that goes on may be told anew: where data lie and what computes.</summary>
    private static readonly string[] Changeable =
        [nameof(RunOptions.Data), nameof(RunOptions.Threads), nameof(RunOptions.Device)];

    public static int Execute(Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var interruption = new Interruption();
        var (options, folder) = Open(request);
        using var whileWorking = folder;
        RequireFile("--init", options.Resume ? null : options.Init);
        RequireFile("--distill", options.Distill?.Checkpoint);
        if (options.Export is { } export)
        {
            // A folder that can't be made is told of before hours of training.
            Directory.CreateDirectory(export);
        }

        var device = TorchRuntime.Prepare(options.Threads, options.Device);
        Console.WriteLine(TorchRuntime.Describe());
        var dataset = DatasetSource.Load(
            new DataRequest(options.Data, options.TrainImages, options.TestImages, options.BatchSize, options.Dataset),
            Console.WriteLine, interruption.Token);

        var display = RunDisplay.ForConsole($"ResNet-20, {Kind(options)}, {dataset.Name}");
        interruption.Requested += () => display.Say("Stopping after this step and with a checkpoint; Ctrl-C once more quits at once.");
        var record = new TrainingRun(options with { Dataset = dataset.Name }, dataset, device, folder, display).Execute(interruption.Token);
        if (record is null)
        {
            var path = request.Options.Out ?? Path.GetRelativePath(Environment.CurrentDirectory, folder.Path);
            display.Say(
                "Stopped. To go on, start the sample with --resume --out "
                + (path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path));
            return ExitCode.Interrupted;
        }

        ResultTable.Print(AnsiConsole.Console, record, folder);
        return ExitCode.Success;
    }

    private static (RunOptions Options, RunFolder Folder) Open(Request request)
    {
        var asked = request.Options;
        if (!asked.Resume)
        {
            return (asked, asked.Out is { } path ? RunFolder.New(path) : RunFolder.NewIn("runs", asked.Mode switch
            {
                RunMode.FixedBits => "fixed",
                RunMode.Unquantized => "float",
                _ => "adaqat",
            }));
        }

        var folder = RunFolder.Open(asked.Out!);
        var given = request.Given.Except(["--out", "--resume", "--export"]);
        var options = ResumedOptions.Merge(folder.LoadOptions<RunOptions>(), asked, given, Changeable);
        options = options with { Out = asked.Out, Resume = true, Export = asked.Export };
        return OptionConflicts.Of(request with { Options = options }).FirstOrDefault() is { } conflict
            ? throw new SampleException(conflict, ExitCode.Usage) : (options, folder);
    }

    private static string Kind(RunOptions options) => options.Mode switch
    {
        RunMode.Unquantized => "float32",
        RunMode.FixedBits => $"{options.FixedBits!.Weights} weight bits, {options.FixedBits.Activations} activation bits",
        _ when options.TargetBitOps is { } target =>
            string.Create(CultureInfo.InvariantCulture, $"AdaQAT, at most {target / 1e9:0.000} G bit operations"),
        _ => string.Create(CultureInfo.InvariantCulture, $"AdaQAT, λ = {options.Lambda}"),
    };

    private static void RequireFile(string option, string? path)
    {
        if (path is not null && !File.Exists(path))
        {
            throw new SampleException($"{option} {path}: there is no such file.", ExitCode.Usage);
        }
    }
}
