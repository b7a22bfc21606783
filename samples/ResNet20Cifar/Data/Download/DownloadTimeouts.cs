namespace ResNet20Cifar.Data.Download;

/// <summary>How long the download waits before it takes silence for an answer.</summary>
public sealed record DownloadTimeouts
{
    /// <summary>For a connection: short, so that a machine without network finds out in seconds.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>For the first line of the answer.</summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>For the next bytes of a file that is on its way.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);
}
