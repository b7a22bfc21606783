using AdaQat.Reports.Bits;
using AdaQat.Reports.Evaluation;
using AdaQat.Reports.Pages;
using AdaQat.Reports.Sensitivity;

namespace AdaQat.Reports;

/// <summary>
/// What came out of a network's quantization, as one page: <c>new ReportPage("My network").Add(evaluation).Add(quantized).Add(sensitivity)
/// .Write("report.html")</c>.
/// </summary>
/// <remarks>
/// The page is one file that works without a network, in any current browser, on a phone too, in light and in dark. It draws itself with
/// scripts that are in it.
/// </remarks>
public sealed class ReportPage
{
    private readonly string _title;
    private readonly List<PageSection> _sections = [];

    /// <param name="title">What the page is of; shown at its top.</param>
    /// <exception cref="ArgumentException"><paramref name="title"/> is empty.</exception>
    public ReportPage(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        _title = title;
    }

    /// <summary>Goes on with a network in float and quantized, side by side.</summary>
    /// <param name="report">What <see cref="ModelEvaluation"/> found.</param>
    /// <returns>This page.</returns>
    public ReportPage Add(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Add(EvaluationSection.Of(report));
    }

    /// <summary>Goes on with the bits that the layers have now.</summary>
    /// <param name="quantized">The model; it is looked at here, and free to change afterwards.</param>
    /// <returns>This page.</returns>
    public ReportPage Add(QuantizedModel quantized)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        return Add(ModelSection.Of(quantized));
    }

    /// <summary>Goes on with the bits that a plan gave the layers; training may have moved them since.</summary>
    /// <param name="plan">What <see cref="MixedPrecision"/> chose.</param>
    /// <returns>This page.</returns>
    public ReportPage Add(PrecisionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Add(PlanSection.Of(plan));
    }

    /// <summary>Goes on with a sensitivity analysis, as <see cref="SensitivityPage"/> shows it.</summary>
    /// <param name="report">What <see cref="SensitivityAnalysis"/> found.</param>
    /// <returns>This page.</returns>
    /// <exception cref="ArgumentException">The report has no rows, or the page has an analysis already.</exception>
    public ReportPage Add(SensitivityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Add(SensitivitySection.Of(report));
    }

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file, such as <c>report.html</c>; one that is there is replaced.</param>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (_sections.Count == 0)
        {
            throw new InvalidOperationException("Nothing was added to the page: there is nothing to show.");
        }

        HtmlPage.Write(path, _title, _sections);
    }

    private ReportPage Add(PageSection section)
    {
        if (_sections.Any(s => s.Kind == section.Kind))
        {
            throw new ArgumentException($"The page has its {section.Kind} already; a page shows one of each.");
        }

        _sections.Add(section);
        return this;
    }
}
