using System.Globalization;
using System.Text.Json;
using AdaQat.Search;
using AdaQat.Training;
using ChannelExpansion;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Studies.Channels;

/// <summary>
/// Uniform channels, channels by chance, pruning only and expansion at equal cost and equal training, paired by seeds. Every run has a
/// folder of its own; the same command goes on where it was stopped or killed.
/// </summary>
public static class ChannelComparison
{
    /// <summary>By how much a network may miss the limit, as a share of it.</summary>
    private const double Tolerance = 0.02;

    public static int Execute(ComparisonOptions options) => Execute(options, ExpansionRun.Execute);

    /// <param name="options">What is compared.</param>
    /// <param name="run">The sample.</param>
    public static int Execute(ComparisonOptions options, Func<ExpansionRequest, int> run)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(run);
        var usual = UsualCost();
        var runs = ComparedRun.All(options).Distinct().ToList();
        foreach (var (place, compared) in runs.Index())
        {
            var asked = compared.ToSample(options, usual.Parameters);
            var isBegun = File.Exists(Path.Combine(asked.Out!, "options.json"));
            if (isBegun)
            {
                RequireSame(asked);
            }

            if (options.TableOnly || File.Exists(RecordPath(options, compared)))
            {
                continue;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Run {place + 1} of {runs.Count}: {compared.Folder}"));
            var code = run(new ExpansionRequest(asked with { Resume = isBegun }, isBegun ? ["--data", "--threads", "--device"] : []));
            if (code != ExitCode.Success)
            {
                Console.WriteLine("Stopped; the same command goes on.");
                return code;
            }
        }

        var records = runs.Where(r => File.Exists(RecordPath(options, r))).ToDictionary(r => r, r => Read(RecordPath(options, r)));
        foreach (var (compared, record) in records)
        {
            WarnOfCost(compared, record, usual);
        }

        Console.WriteLine();
        Console.Write(ComparisonTable.Markdown(records, ComparedRun.Limits(options)));
        return ExitCode.Success;
    }

    private static string RecordPath(ComparisonOptions options, ComparedRun run) => Path.Combine(options.Out, run.Folder, "run.json");

    private static PlanCost UsualCost()
    {
        using var example = zeros(1, 3, 32, 32);
        return PlanCost.Of(channels => new PlannedResNet20(channels), example, ChannelPlan.Default);
    }

    /// <summary>Refuses a folder in which a run with other options was begun.</summary>
    private static void RequireSame(ExpansionOptions asked)
    {
        ExpansionOptions before;
        using (var folder = RunFolder.Open(asked.Out!))
        {
            before = folder.LoadOptions<ExpansionOptions>();
        }

        var sameElsewhere = before with
        {
            Data = asked.Data,
            Threads = asked.Threads,
            Device = asked.Device,
            Out = asked.Out,
            Dataset = asked.Dataset,
        };
        if (sameElsewhere != asked)
        {
            throw new SampleException(
                $"{asked.Out}: a run with other options was begun there: {before}, not {asked}. Give --out another folder.",
                ExitCode.Usage);
        }
    }

    private static ExpansionRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ExpansionRecord>(File.ReadAllText(path), RunFolder.Json)
                ?? throw new JsonException("it is empty");
        }
        catch (JsonException fault)
        {
            throw new SampleException($"{path} cannot be read: {fault.Message}", ExitCode.Failure, fault);
        }
    }

    private static void WarnOfCost(ComparedRun run, ExpansionRecord record, PlanCost usual)
    {
        var share = run.Limit == ComparedLimit.Parameters ? record.Parameters / usual.Parameters : record.Macs / usual.Macs;
        if (Math.Abs(share - 1) > Tolerance)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Warning: {run.Folder} costs {share:0.000} of what it may, more than 2 % off."));
        }
    }
}
