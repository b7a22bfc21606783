using System.Globalization;

namespace ResNet20Cifar.Data.Download;

/// <summary>Tells a person how far a download is: one line that renews itself on a terminal, a line for every tenth in a pipe.</summary>
public sealed class DownloadReport(TextWriter output, bool isTerminal)
{
    private const int Tenth = 10;
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(200);

    private DateTime _shown;
    private long _percent = -1;

    public void Show(DownloadProgress progress)
    {
        var percent = progress.Total is > 0 and var total ? progress.Received * 100 / total : 0;
        var finished = progress.Received == progress.Total;
        var isDue = isTerminal ? finished || DateTime.UtcNow - _shown > Renewal : _percent < 0 || percent / Tenth > _percent / Tenth;
        if (!isDue)
        {
            return;
        }

        _shown = DateTime.UtcNow;
        _percent = percent;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Downloading CIFAR-10: {progress.Received / 1e6:0.0} of {progress.Total / 1e6:0.0} MB ({percent} %)");
        output.Write(isTerminal ? $"\r{text}{(finished ? "\n" : "")}" : $"{text}\n");
        output.Flush();
    }
}
