using AdaQat.Benchmarks.CommandLine;
using AdaQat.Benchmarks.Measuring;
using AdaQat.Benchmarks.Python;
using AdaQat.Benchmarks.Reporting;
using AdaQat.Training;
using Samples.CommandLine;
using Spectre.Console;

namespace AdaQat.Benchmarks;

/// <summary>The benchmarks' course: facts, measurements, tables, JSON.</summary>
public static class BenchmarkRun
{
    /// <summary>Tables are wider than the 80 columns that a pipe is taken for.</summary>
    private const int PipeWidth = 160;

    public static int Execute(BenchmarkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckJson(options.Json);
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        var python = options.Python ? PythonInterpreter.Find() : null;
        var machine = MachineFacts.Gather();
        Describe(options, machine, python);
        var settings = new List<MeasuredSetting>();
        foreach (var network in options.Networks)
        {
            foreach (var threads in options.Threads)
            {
                foreach (var batchSize in options.BatchSizes)
                {
                    settings.Add(new Setting(options, network, batchSize, threads, python).Measure());
                    RatioTable.Print(console, settings[^1]);
                }
            }
        }

        if (options.Json is { } path)
        {
            var record = BenchmarkRecord.Of(options, machine, python?.Versions, settings);
            RunFolder.WriteJson(path, record);
            Console.WriteLine($"Written to {path}.");
        }

        return ExitCode.Success;
    }

    private static void Describe(BenchmarkOptions options, MachineFacts machine, PythonInterpreter? python)
    {
        Console.WriteLine($"{machine.Processor}, {machine.Cores} cores; {machine.System}; {machine.DotNet}; {TorchRuntime.Describe()}");
        if (python is not null)
        {
            Console.WriteLine($"{python.Path}: Python {python.Versions.Python}, torch {python.Versions.Torch}");
        }

        var settings = machine.Settings.Count == 0
            ? "defaults" : string.Join(' ', machine.Settings.Select(variable => $"{variable.Key}={variable.Value}"));
        Console.WriteLine(
            $"Steps taken in turns, medians of {options.Repetitions} rounds after at least {options.WarmUpSteps} steps of each kind "
            + "for warming up; ratios within a round. " +
            $"Before each step {options.PauseMilliseconds} ms pause, so that no OpenMP thread of another step still waits actively. "
            + $"Settings of OpenMP and the allocator: {settings}.");
        var period = Rounds.CommonPeriod(options.Kinds.Select(kind => kind.Period));
        if (period > 1)
        {
            Console.WriteLine(
                $"A round's time is the mean of {period} steps of each kind: whole periods of the schedules that probe in some "
                + "steps only.");
        }

        if (options.Memory)
        {
            Console.WriteLine(
                "Memory: the peak of the resident set in a process of its own, less what was resident before the first step. "
                + "Needed: every larger tensor " +
                "goes back to the system at once. Resident: with the allocator as the environment sets it, gaps between tensors included.");
        }
    }

    /// <summary>Said before the first step, not after the last.</summary>
    private static void CheckJson(string? path)
    {
        if (path is not null && (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))))
        {
            throw new SampleException($"--json: '{path}' is not allowed; allowed: a file in a folder that exists.", ExitCode.Usage);
        }
    }
}
