using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Samples.CommandLine;

namespace Samples.Cifar10;

/// <summary>
/// Brings CIFAR-10 from the network into a cache folder: a <c>.part</c> file that goes on where an earlier attempt stopped, a checksum,
/// unpacked aside and renamed. What has its final name is whole.
/// </summary>
public sealed class CifarDownload(Uri address, string md5, DownloadTimeouts timeouts)
{
    private const int Attempts = 4;

    /// <summary>The binary version, where its authors publish it.</summary>
    public static CifarDownload Official { get; } = new(
        new Uri("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), "c32a1d4ab5d03f1284b67883e8d87530", DownloadTimeouts.Default);

    /// <param name="cache">The folder; it is made if missing.</param>
    /// <param name="progress">Takes bytes on disk and, where the server says, bytes in all.</param>
    /// <param name="cancellation">Leaves the part file for the next time.</param>
    /// <exception cref="ServerUnreachableException">Not one byte could be received.</exception>
    /// <exception cref="SampleException">The file arrived damaged, the connection broke for good, or the disk refused it.</exception>
    public async Task<CifarFolder> RunAsync(string cache, Action<long, long?> progress, CancellationToken cancellation)
    {
        var part = Path.Combine(cache, Path.GetFileName(address.LocalPath) + ".part");
        try
        {
            Directory.CreateDirectory(cache);
            var resumed = File.Exists(part);
            await ReceiveAsync(part, progress, cancellation).ConfigureAwait(false);
            if (resumed && !await IsIntactAsync(part, cancellation).ConfigureAwait(false))
            {
                // What was left from before may belong to another version of the file: that, and only that, is worth a second try.
                File.Delete(part);
                await ReceiveAsync(part, progress, cancellation).ConfigureAwait(false);
            }

            if (!await IsIntactAsync(part, cancellation).ConfigureAwait(false))
            {
                File.Delete(part);
                throw new SampleException(
                    $"{address}: what arrived does not have the MD5 checksum {md5}; it was deleted. Try again, or name a folder with "
                    + "--data.");
            }

            await UnpackAsync(part, cache, cancellation).ConfigureAwait(false);
            File.Delete(part);
            return CifarFolder.Find(cache);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new SampleException($"{part}: cannot be written or unpacked: {fault.Message}", inner: fault);
        }
    }

    /// <summary>Brings the part file to its full length.</summary>
    private async Task ReceiveAsync(string part, Action<long, long?> progress, CancellationToken cancellation)
    {
        var before = Length(part);
        // Every phase has its own limit; one over the whole transfer would punish slow lines.
        using var handler = new SocketsHttpHandler { ConnectTimeout = timeouts.Connect };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ReceiveOnceAsync(client, part, progress, cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (fault is HttpRequestException
                || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                var reason = fault is OperationCanceledException ? "no answer in time" : fault.Message;
                if (Length(part) == before)
                {
                    throw new ServerUnreachableException($"{address.Host}: {reason}", fault);
                }

                if (attempt == Attempts)
                {
                    throw new SampleException(
                        $"{address}: the connection broke after {Length(part)} bytes ({reason}). Start again to go on from there.",
                        inner: fault);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task ReceiveOnceAsync(HttpClient client, string part, Action<long, long?> progress, CancellationToken cancellation)
    {
        var have = Length(part);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = have > 0 ? new RangeHeaderValue(have, null) : null;
        limit.CancelAfter(timeouts.Response);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The part is as long as the file, or longer: its checksum decides.
            return;
        }

        response.EnsureSuccessStatusCode();
        var continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        var received = continues ? have : 0;
        var total = response.Content.Headers.ContentLength + received;
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var file = new FileStream(part, continues ? FileMode.Append : FileMode.Create);
        var block = new byte[1 << 17];
        progress(received, total);
        while (true)
        {
            limit.CancelAfter(timeouts.Stall);
            var count = await ReadAsync(body, block, limit.Token).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            await file.WriteAsync(block.AsMemory(0, count), cancellation).ConfigureAwait(false);
            progress(received += count, total);
        }

        if (received < total)
        {
            throw new HttpRequestException($"the server closed the connection at byte {received} of {total}");
        }
    }

    /// <summary>A read from the network, whose faults must not be taken for the disk's.</summary>
    private static async Task<int> ReadAsync(Stream body, byte[] block, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(block, cancellation).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            throw new HttpRequestException(fault.Message, fault);
        }
    }

    private async Task<bool> IsIntactAsync(string part, CancellationToken cancellation)
    {
        using var file = File.OpenRead(part);
#pragma warning disable CA5351 // MD5 is what the data set's authors publish; it guards against a damaged transfer, not an adversary.
        return Convert.ToHexStringLower(await MD5.HashDataAsync(file, cancellation).ConfigureAwait(false)) == md5;
#pragma warning restore CA5351
    }

    /// <summary>Unpacks aside; an entry whose path leads outside is refused by the reader.</summary>
    private static async Task UnpackAsync(string archive, string cache, CancellationToken cancellation)
    {
        var aside = Directory.CreateDirectory(Path.Combine(cache, $".{Guid.NewGuid():N}.tmp"));
        try
        {
            using (var packed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress))
            {
                await TarFile.ExtractToDirectoryAsync(packed, aside.FullName, overwriteFiles: false, cancellation).ConfigureAwait(false);
            }

            var complete = CifarFolder.TryFind(aside.FullName)
                ?? throw new InvalidDataException($"{archive} does not hold {string.Join(", ", CifarFormat.AllFiles)}");
            var folder = Path.Combine(cache, CifarFormat.FolderName);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(complete.Path, folder);
        }
        finally
        {
            if (Directory.Exists(aside.FullName))
            {
                aside.Delete(recursive: true);
            }
        }
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
