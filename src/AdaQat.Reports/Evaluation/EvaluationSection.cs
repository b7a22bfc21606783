using AdaQat.Reports.Pages;

namespace AdaQat.Reports.Evaluation;

/// <summary>The part of a page that shows a network in float and quantized.</summary>
internal static class EvaluationSection
{
    public static PageSection Of(EvaluationReport report) => new("evaluation", Data(report), "evaluation.js");

    private static object Data(EvaluationReport report) => new
    {
        Names = new[] { report.InFloat.Name, report.Quantized.Name },
        report.Rows,
        Accuracy = report.Quantized.Quality.Accuracy,
        report.AccuracyChange,
        report.Compression,
        Timings = new[] { report.InFloat, report.Quantized }.Where(f => f.Timing is not null).Select(f => new
        {
            f.Name,
            First = Times(f.Timing!.First),
            Sustained = f.Timing.Sustained.Select(Times),
        }),
    };

    private static object Times(TimedInferences times) => new
    {
        times.Count,
        Median = times.Median.TotalMilliseconds,
        Percentile99 = times.Percentile99.TotalMilliseconds,
        Fastest = times.Fastest.TotalMilliseconds,
        Slowest = times.Slowest.TotalMilliseconds,
        times.Late,
    };
}
