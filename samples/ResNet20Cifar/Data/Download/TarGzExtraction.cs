using System.Formats.Tar;
using System.IO.Compression;

namespace ResNet20Cifar.Data.Download;

/// <summary>
/// Takes named files out of a <c>.tar.gz</c>, whatever folder they are in there, into a folder that appears only when it is complete.
/// </summary>
public static class TarGzExtraction
{
    public static async Task RunAsync(string archive, string folder, IReadOnlyCollection<string> files, CancellationToken cancellation)
    {
        var temporary = $"{folder}.{Environment.ProcessId}.tmp";
        try
        {
            Recreate(temporary);
            await UnpackAsync(archive, temporary, files, cancellation).ConfigureAwait(false);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(temporary, folder);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new SampleException($"{archive}: cannot be unpacked into {folder}: {fault.Message}", inner: fault);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static async Task UnpackAsync(string archive, string folder, IReadOnlyCollection<string> files, CancellationToken cancellation)
    {
        var missing = new HashSet<string>(files, StringComparer.Ordinal);
        var packed = File.OpenRead(archive);
        await using (packed.ConfigureAwait(false))
        {
            var plain = new GZipStream(packed, CompressionMode.Decompress);
            await using (plain.ConfigureAwait(false))
            {
                var tar = new TarReader(plain);
                await using (tar.ConfigureAwait(false))
                {
                    while (
                        missing.Count > 0
                        && await tar.GetNextEntryAsync(cancellationToken: cancellation).ConfigureAwait(false) is { } entry)
                    {
                        // The entry's own path never reaches the disk, so that no archive can write outside the folder.
                        var name = Path.GetFileName(entry.Name);
                        if (missing.Remove(name))
                        {
                            await entry.ExtractToFileAsync(Path.Combine(folder, name), overwrite: false,
                                cancellation).ConfigureAwait(false);
                        }
                    }
                }
            }
        }

        if (missing.Count > 0)
        {
            throw new InvalidDataException($"it does not hold {string.Join(", ", missing)}");
        }
    }

    private static void Recreate(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }
}
