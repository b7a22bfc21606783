using AdaQat.Reports.Pages;

namespace AdaQat.Reports.Sensitivity;

/// <summary>The part of a page that shows a sensitivity analysis.</summary>
internal static class SensitivitySection
{
    /// <exception cref="ArgumentException">The report has no rows.</exception>
    public static PageSection Of(SensitivityReport report) => report.Rows.Count > 0
        ? new("sensitivity", Data(report), "sensitivity.js")
        : throw new ArgumentException("The report has no rows: there is nothing to show.", nameof(report));

    private static object Data(SensitivityReport report) => new
    {
        report.Samples,
        report.Loss,
        report.Accuracy,
        Work = report.DescribeWork(),
        report.Notes,
        Layers = report.Layers.Select(l => new { l.Name, l.Macs, l.WeightCount, l.ActivationCount }),
        Rows = report.Rows.Select(r => new
        {
            r.Layer,
            Target = Name(r.Target),
            r.Bits,
            r.Loss,
            r.LossChange,
            r.Accuracy,
            r.AccuracyChange,
            r.TensorSqnr,
            r.OutputSqnr,
            r.OutputError,
        }),
        Distributions = report.Distributions.Select(d => new
        {
            d.Layer,
            Target = Name(d.Target),
            d.Minimum,
            d.Maximum,
            d.Counts,
            d.Grids,
        }),
    };

    private static string Name(QuantizerTarget target) => target == QuantizerTarget.Weight ? "weights" : "activations";
}
