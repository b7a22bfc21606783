using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>Runs the micro-benchmarks; BenchmarkDotNet prints their tables and writes them to a folder of its own.</summary>
public static class KernelRun
{
    // Of one iteration. Torch's copies of a few megabytes settle within it; all benchmarks together take some minutes.
    private static readonly TimeInterval Duration = TimeInterval.FromMilliseconds(100);

    private static readonly string Folder = Path.Combine("artifacts", "kernels");

    public static int Execute(KernelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // In this process: a project that BenchmarkDotNet makes for itself would not know where TorchSharp comes from.
        var job = (options.Quick ? Job.Dry : Job.ShortRun.WithWarmupCount(5).WithIterationCount(15).WithIterationTime(Duration))
            .WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub)
            .AddFilter(new GlobFilter([options.Filter]))
            .WithArtifactsPath(Folder);
        var summaries = BenchmarkRunner.Run([typeof(PactBenchmarks), typeof(DoReFaBenchmarks)], config);
        var cases = summaries.Sum(summary => summary.BenchmarksCases.Length);
        if (cases == 0)
        {
            throw new SampleException(
                $"--filter: no benchmark matches '{options.Filter}'; a pattern such as '*Pact*' does.", ExitCode.Usage);
        }

        return summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.Length == summary.BenchmarksCases.Length
            && summary.Reports.All(report => report.Success)) ? ExitCode.Success : ExitCode.Failure;
    }
}
