using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AdaQat.Benchmarks.CommandLine;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.Memory;

/// <summary>Starts this program anew for each measurement.</summary>
internal static class PeakMemoryProcess
{
    /// <summary>With this, glibc maps every larger tensor by itself, and gives its memory back as soon as it is freed.</summary>
    private static readonly (string Name, string Value) Exact = ("MALLOC_MMAP_THRESHOLD_", "65536");

    /// <param name="options">Whose memory.</param>
    /// <param name="exact">Whether to measure what tensors need, rather than what the allocator holds as the environment sets it.</param>
    /// <exception cref="SampleException">It ended without an answer; the message says with what.</exception>
    public static PeakMemory Measure(MemoryOptions options, bool exact)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (exact)
        {
            start.Environment[Exact.Name] = Exact.Value;
        }

        // Started through the host, this program is the host's first argument.
        if (Path.GetFileNameWithoutExtension(start.FileName) is "dotnet")
        {
            start.ArgumentList.Add(typeof(PeakMemoryProcess).Assembly.Location);
        }

        foreach (var argument in MemoryCommand.Arguments(options))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<PeakMemory>(answer, JsonSerializerOptions.Web)!
            : throw new SampleException(string.Create(
                CultureInfo.InvariantCulture,
                $"The memory of '{options.Kind.Name}' with {options.Network.Title} and batch {options.BatchSize} is not known: its "
                + $"process ended with {process.ExitCode}: {errors.Result.Trim()} (--no-memory leaves memory out.)"));
    }
}
