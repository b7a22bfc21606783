using System.Globalization;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using Spectre.Console;
using static TorchSharp.torch;

namespace AdaQat.Studies.ProbeError;

/// <summary>
/// Two networks of the same weights see the same batches: one measures every width in every step, the other estimates them and measures
/// a few in turn.
/// </summary>
public static class ProbeErrorStudy
{
    public static int Execute(ProbeErrorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckPaths(options);
        var device = TorchRuntime.Prepare(options.Threads);
        Console.WriteLine(TorchRuntime.Describe());
        var dataset = DatasetSource.Load(
            new DataRequest(options.Data, options.Images, TestImages: null, options.BatchSize), Console.WriteLine);
        var observations = Observe(
            options, ImageBatches.Training(dataset.Train, dataset.Normalization, options.BatchSize, options.Seed, device));
        ComparisonTable.Print(AnsiConsole.Console, options, observations);
        if (options.Csv is { } path)
        {
            File.WriteAllText(path, Csv(observations));
            Console.WriteLine($"Written to {path}.");
        }

        return ExitCode.Success;
    }

    private static List<Observation> Observe(ProbeErrorOptions options, IBatchSource<Batch> batches)
    {
        using var first = batches.Epoch(0, 0).First();
        using var example = first.Input.narrow(0, 0, 1);
        using var exact = new ObservedNetwork(options, BitWidthOptimizerOptions.ExactSchedule, example);
        using var economical = new ObservedNetwork(
            options, new BitWidthOptimizerOptions
            {
                ProbeInterval = 1,
                MaximumProbesPerStep = options.Probes,
                EstimatesFromBackward = true
            }, example);
        var observations = new List<Observation>();
        var held = new Dictionary<string, double>(StringComparer.Ordinal);
        var step = 0;
        foreach (var batch in batches.Epoch(0, 0))
        {
            using (batch)
            {
                step++;
                var measured = exact.Step(batch).ToDictionary(p => p.Width.Name, p => p.Difference, StringComparer.Ordinal);
                var weights = exact.Quantized.Layers.Select(l => l.WeightBits.Name).ToHashSet(StringComparer.Ordinal);
                foreach (var probe in economical.Step(batch))
                {
                    var name = probe.Width.Name;
                    if (probe.IsMeasured)
                    {
                        held[name] = probe.Difference;
                    }

                    observations.Add(new Observation(
                        step, name, weights.Contains(name), measured[name], probe.Estimate ?? double.NaN, probe.Difference,
                        held.TryGetValue(name, out var last) ? last : null));
                }
            }
        }

        return observations;
    }

    private static string Csv(IEnumerable<Observation> observations) => string.Concat(observations
        .Select(
            o =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{o.Step},{o.Width},{(o.IsOfWeights ? "weights" : "activations")},{o.Full:R},{o.Raw:R},{o.Corrected:R},{o.Held:R}\n"))
        .Prepend("step,width,kind,measured,estimate,corrected,held\n"));

    /// <summary>Said before the first step, not after the last.</summary>
    private static void CheckPaths(ProbeErrorOptions options)
    {
        if (options.Init is { } init && !File.Exists(init))
        {
            throw new SampleException($"--init {init}: there is no such file.", ExitCode.Usage);
        }

        if (options.Csv is { } csv && (Directory.Exists(csv) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(csv)))))
        {
            throw new SampleException($"--csv: '{csv}' is not allowed; allowed: a file in a folder that exists.", ExitCode.Usage);
        }
    }
}
