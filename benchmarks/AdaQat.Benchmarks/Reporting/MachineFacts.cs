using System.Runtime.InteropServices;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.Reporting;

/// <summary>What the numbers were measured on.</summary>
public sealed record MachineFacts
{
    private const string ProcessorList = "/proc/cpuinfo";

    // Of OpenMP, in GNU's and Intel's form, of MKL and of the C library's allocator; LD_PRELOAD may put another one in its place.
    private static readonly string[] SettingPrefixes = ["OMP_", "GOMP_", "KMP_", "MKL_", "MALLOC_", "GLIBC_TUNABLES", "LD_PRELOAD"];

    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required string System { get; init; }

    public required string DotNet { get; init; }

    /// <summary>The version of libtorch.</summary>
    public required string TorchVersion { get; init; }

    /// <summary>What the environment tells OpenMP and the allocator, for .NET and Python alike.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public static MachineFacts Gather() => new()
    {
        Processor = ProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Cores = Environment.ProcessorCount,
        System = RuntimeInformation.OSDescription,
        DotNet = RuntimeInformation.FrameworkDescription,
        TorchVersion = TorchRuntime.Version,
        Settings = new SortedDictionary<string, string>(
            Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => SettingPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name) ?? ""),
            StringComparer.Ordinal),
    };

    private static string? ProcessorName() => File.Exists(ProcessorList)
        ? File.ReadLines(ProcessorList).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':',
            2)[1].Trim()
        : null;
}
