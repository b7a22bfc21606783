using System.Runtime.InteropServices;
using ResNet20Cifar.Training;

namespace AdaQat.Benchmarks.Reporting;

/// <summary>What the numbers were measured on.</summary>
public sealed record MachineFacts
{
    private const string ProcessorList = "/proc/cpuinfo";

    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required string System { get; init; }

    public required string DotNet { get; init; }

    /// <summary>What provides TorchSharp: <c>nuget</c> or <c>system</c>.</summary>
    public required string TorchSource { get; init; }

    /// <summary>The version of libtorch.</summary>
    public required string TorchVersion { get; init; }

    /// <summary>What the environment tells OpenMP, for .NET and Python alike.</summary>
    public required IReadOnlyDictionary<string, string> OpenMp { get; init; }

    public static MachineFacts Gather() => new()
    {
        Processor = ProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Cores = Environment.ProcessorCount,
        System = RuntimeInformation.OSDescription,
        DotNet = RuntimeInformation.FrameworkDescription,
        TorchSource = TorchRuntime.Source,
        TorchVersion = TorchRuntime.Version,
        OpenMp = new SortedDictionary<string, string>(
            Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => name.StartsWith("OMP_", StringComparison.Ordinal) || name.StartsWith("GOMP_", StringComparison.Ordinal)
                    || name.StartsWith("KMP_", StringComparison.Ordinal) || name.StartsWith("MKL_", StringComparison.Ordinal))
                .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name) ?? ""),
            StringComparer.Ordinal),
    };

    private static string? ProcessorName() => File.Exists(ProcessorList)
        ? File.ReadLines(ProcessorList).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        : null;
}
