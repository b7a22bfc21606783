namespace ResNet20Cifar.Data.Download;

/// <summary>How far a download is.</summary>
/// <param name="Received">Bytes on disk, those of an earlier attempt included.</param>
/// <param name="Total">Bytes in all; null where the server does not say.</param>
public readonly record struct DownloadProgress(long Received, long? Total);
