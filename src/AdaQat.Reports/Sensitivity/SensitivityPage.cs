using AdaQat.Reports.Pages;
using AdaQat.Reports.Sensitivity;

namespace AdaQat.Reports;

/// <summary>
/// A sensitivity analysis as a page: a heat map of layers and bits, curves, the distributions of weights and inputs with the values that
/// quantizing leaves, a table to sort.
/// </summary>
/// <remarks>
/// The page is one file that works without a network, in any current browser, on a phone too, in light and in dark. It draws itself with
/// a script that is in it.
/// </remarks>
public static class SensitivityPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="report">The analysis.</param>
    /// <param name="path">The file, such as <c>sensitivity.html</c>; one that is there is replaced.</param>
    /// <exception cref="ArgumentException">The report has no rows.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(SensitivityReport report, string path)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        HtmlPage.Write(path, $"Sensitivity of {report.Model}", [SensitivitySection.Of(report)]);
    }
}
