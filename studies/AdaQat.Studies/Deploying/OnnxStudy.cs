using AdaQat.Studies.Training;
using AdaQat.Training;
using Samples.CommandLine;

namespace AdaQat.Studies.Deploying;

/// <summary>Finished runs of <c>train</c> as ONNX files, each beside its integer network: <see cref="OnnxComparison"/>.</summary>
public static class OnnxStudy
{
    public static int Execute(OnnxStudyOptions options) => Execute(options, TrainStudy.Execute);

    /// <param name="options">What is compared.</param>
    /// <param name="go">Goes on with a run, which is finished, and returns the exit code.</param>
    public static int Execute(OnnxStudyOptions options, Func<TrainOptions, int> go)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(go);
        var runs = options.Runs.Select(path => (Path: path, Options: Load(path))).ToList();
        foreach (var (path, run) in runs)
        {
            Console.WriteLine($"{path}:");
            var code = go(run with
            {
                Data = options.Data ?? run.Data,
                Threads = options.Threads ?? run.Threads,
                Out = path,
                Integers = null,
                Onnx = options.Images,
            });
            if (code != ExitCode.Success)
            {
                return code;
            }
        }

        return ExitCode.Success;
    }

    private static TrainOptions Load(string path)
    {
        if (!File.Exists(Path.Combine(path, "run.json")))
        {
            throw new SampleException($"--runs {path}: there is no finished run of train.", ExitCode.Usage);
        }

        using var folder = RunFolder.Open(path);
        return folder.LoadOptions<TrainOptions>() is { IsFloat: false } options ? options : throw new SampleException(
            $"--runs {path}: nothing is quantized there; allowed are runs with widths.", ExitCode.Usage);
    }
}
