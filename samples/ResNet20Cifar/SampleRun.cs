using AdaQat;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Data;
using ResNet20Cifar.Data.Cifar;
using ResNet20Cifar.Data.Download;
using ResNet20Cifar.Output;
using ResNet20Cifar.Output.Progress;
using ResNet20Cifar.Training;
using Spectre.Console;

namespace ResNet20Cifar;

/// <summary>The sample's course: options, data, training, results.</summary>
public static class SampleRun
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    public static int Execute(Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var interruption = new Interruption();
        var resumed = request.Options.Resume ? RunFolder.Open(request.Options.Out!) : null;
        var start = resumed?.LoadStart();
        var options = start is null ? request.Options : ResumedOptions.Merge(start.Options, request);
        var folder = resumed ?? RunFolder.Choose(options);
        CheckFiles(options);
        var device = TorchRuntime.Prepare(options);
        TargetCheck.Require(options);

        IRunProgress progress = Console.IsOutputRedirected
            ? new PlainProgress(Console.Out, LineInterval) : new TerminalProgress(AnsiConsole.Console);
        progress.Say(TorchRuntime.Describe());
        var dataset = LoadData(options, start?.Dataset, progress, interruption.Token);
        if (start is null)
        {
            folder.SaveStart(new RunStart(options, dataset.Name));
        }

        interruption.Requested += () => progress.Say("Stopping after this step and with a checkpoint; Ctrl-C once more quits at once.");
        progress.Say($"Results go to {folder.Path}.");
        var record = new TrainingRun(options, new TrainingRecipe(), dataset, device, folder, progress).Execute(interruption.Token);
        if (record is null)
        {
            var path = request.Options.Out ?? Path.GetRelativePath(Environment.CurrentDirectory, folder.Path);
            progress.Say($"Stopped. To go on, start the sample with --resume --out {Quoted(path)}");
            return ExitCode.Interrupted;
        }

        ResultTable.Print(AnsiConsole.Console, record, folder);
        return ExitCode.Success;
    }

    private static ImageDataset LoadData(RunOptions options, string? recorded, IRunProgress progress, CancellationToken cancellation)
    {
        var download = new CifarDownload(RemoteArchive.Cifar10, new DownloadTimeouts());
        var report = new DownloadReport(Console.Out, !Console.IsOutputRedirected);
        return new DatasetSource(CifarFolder.CacheRoot(), download, progress.Say, report.Show).Load(options, recorded, cancellation);
    }

    private static void CheckFiles(RunOptions options)
    {
        if (!options.Resume && options.Init is { } path)
        {
            RequireFile("--init", path);
        }

        // A run that goes on needs its teacher again; its own weights are in its own checkpoint.
        if (options.Distill is { } teacher)
        {
            RequireFile("--distill", teacher.Checkpoint);
        }
    }

    private static void RequireFile(string option, string path)
    {
        if (!File.Exists(path))
        {
            throw new SampleException($"{option} {path}: there is no such file.", ExitCode.Usage);
        }
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
