namespace Samples.Cifar10;

/// <summary>How long the download waits before it takes silence for an answer.</summary>
/// <param name="Connect">For a connection: short, so that a machine without network finds out in seconds.</param>
/// <param name="Response">For the first line of the answer.</param>
/// <param name="Stall">For the next bytes of a file that is on its way.</param>
public sealed record DownloadTimeouts(TimeSpan Connect, TimeSpan Response, TimeSpan Stall)
{
    public static DownloadTimeouts Default { get; } = new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30));
}
