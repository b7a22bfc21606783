using System.Globalization;
using System.Text;
using ChannelExpansion;

namespace AdaQat.Studies.Channels;

/// <summary>The outcome of a comparison, as far as it has come, as a table in Markdown.</summary>
internal static class ComparisonTable
{
    /// <param name="records">The finished runs.</param>
    /// <param name="limits">The limits, a table each.</param>
    public static string Markdown(IReadOnlyDictionary<ComparedRun, ExpansionRecord> records, IEnumerable<ComparedLimit> limits)
    {
        var text = new StringBuilder();
        foreach (var limit in limits)
        {
            text.Append(text.Length > 0 ? "\n" : "")
                .Append(CultureInfo.InvariantCulture, $"Equal {(limit == ComparedLimit.Macs ? "multiplications" : "parameters")}:\n\n")
                .Append("| | seeds | test accuracy, each seed | mean | MACs | parameters | ")
                .Append("minus uniform [95 %] | minus chance [95 %] | minus pruning [95 %] |\n")
                .Append("|---|---|---|---|---|---|---|---|---|\n");
            foreach (var method in new[] { SearchMethod.Uniform, SearchMethod.Random, SearchMethod.Prune, SearchMethod.Expand })
            {
                text.Append(Row(records, limit, method));
            }
        }

        return text.ToString();
    }

    private static string Row(IReadOnlyDictionary<ComparedRun, ExpansionRecord> records, ComparedLimit limit, SearchMethod method)
    {
        var runs = Runs(records, limit, method);
        var name = method switch
        {
            SearchMethod.Uniform => "uniform, which is the width multiplier's, too",
            SearchMethod.Random => "channels by chance",
            SearchMethod.Prune => "pruning only",
            _ => "expansion",
        };
        if (runs.Count == 0)
        {
            return $"| {name} | none yet | | | | | | | |\n";
        }

        var accuracies = string.Join(", ", runs.Values.Select(r => Percent(r.TestAccuracy)));
        var (macs, parameters) = (runs.Values.Select(r => r.Macs / 1e6), runs.Values.Select(r => r.Parameters / 1e3));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {runs.Count} | {accuracies} | {Percent(runs.Values.Average(r => r.TestAccuracy))} % | ")
            + $"{Range(macs, "0.00")} M | {Range(parameters, "0.0")} k | {Difference(runs, Runs(records, limit, SearchMethod.Uniform))} | "
            + $"{Difference(runs, Runs(records, limit, SearchMethod.Random))} | "
            + $"{Difference(runs, Runs(records, limit, SearchMethod.Prune))} |\n";
    }

    private static SortedDictionary<int, ExpansionRecord> Runs(
        IReadOnlyDictionary<ComparedRun, ExpansionRecord> records, ComparedLimit limit, SearchMethod method) => new(
        records.Where(r => r.Key.Method == method && (r.Key.Limit ?? limit) == limit).ToDictionary(r => r.Key.Seed, r => r.Value));

    private static string Difference(SortedDictionary<int, ExpansionRecord> mine, SortedDictionary<int, ExpansionRecord> theirs)
    {
        var differences = mine.Where(run => theirs.ContainsKey(run.Key))
            .Select(run => 100 * (run.Value.TestAccuracy - theirs[run.Key].TestAccuracy)).ToList();
        if (differences.Count == 0 || ReferenceEquals(mine.Values.First(), theirs.Values.First()))
        {
            return "";
        }

        var d = PairedDifference.Of(differences);
        return d.Pairs == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{d.Mean:+0.00;−0.00} (one pair)")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{d.Mean:+0.00;−0.00} [{d.Mean - d.HalfWidth:+0.00;−0.00}, {d.Mean + d.HalfWidth:+0.00;−0.00}]");
    }

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Range(IEnumerable<double> values, string format)
    {
        var texts = new[] { values.Min(), values.Max() }.Select(v => v.ToString(format, CultureInfo.InvariantCulture)).Distinct();
        return string.Join(" to ", texts);
    }
}
