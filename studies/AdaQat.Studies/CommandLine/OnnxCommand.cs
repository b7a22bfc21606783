using System.CommandLine;
using AdaQat.Graph;
using AdaQat.Studies.Deploying;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>onnx</c>.</summary>
public static class OnnxCommand
{
    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<OnnxStudyOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var usual = new OnnxStudyOptions();
        var runs = TextOption.Create<string?>(
            "--runs", "DIRS", "Folders of finished runs of train, with commas between.", "folders, at least one",
            (string text, out string? value) => (value = text).Split(',').All(path => path.Length > 0));
        runs.Required = true;
        var data = TextOption.FilePath("--data", "DIR", "Folder with CIFAR-10's binary files. [default: what each run had]");
        var images = TextOption.WholeNumber(
            "--images", "N", $"Test images that are classified. [default: {usual.Images}]", 1, 10_000);
        var threads = TextOption.WholeNumber("--threads", "N", "CPU threads. [default: what each run had]", 1, 1024);
        var command = new Command(
            "onnx", "Writes trained networks as ONNX files, has ONNX Runtime run them and compares them with their integer networks.")
        {
            runs, data, images, threads,
        };
        command.SetAction(result => study(new OnnxStudyOptions
        {
            Runs = [.. result.Or(runs, null)!.Split(',')],
            Data = result.Or(data, null),
            Images = result.Or(images, usual.Images),
            Threads = result.Given(threads),
        }));
        return command;
    }
}
