using ResNet20Cifar.Data.Cifar;

namespace ResNet20Cifar.Data.Download;

/// <summary>Brings CIFAR-10 from the network into the cache folder: download, checksum, unpack, rename.</summary>
public sealed class CifarDownload(RemoteArchive archive, DownloadTimeouts timeouts)
{
    public async Task<CifarFolder> RunAsync(string cacheRoot, Action<DownloadProgress> progress, CancellationToken cancellation)
    {
        var packed = Path.Combine(cacheRoot, archive.FileName);
        if (!File.Exists(packed))
        {
            await new ResumableDownload(archive, timeouts).RunAsync(packed, progress, cancellation).ConfigureAwait(false);
        }

        var folder = Path.Combine(cacheRoot, CifarFormat.FolderName);
        await TarGzExtraction.RunAsync(packed, folder, [.. CifarFormat.AllFiles, CifarFormat.NamesFile],
            cancellation).ConfigureAwait(false);
        File.Delete(packed);
        return CifarFolder.Find(folder);
    }
}
