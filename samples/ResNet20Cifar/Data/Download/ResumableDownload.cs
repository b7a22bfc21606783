using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ResNet20Cifar.Data.Download;

/// <summary>
/// Fetches a file into a <c>.part</c> file beside its destination, goes on where an earlier attempt stopped if the server allows it, and
/// renames it only when its checksum is right: a file of the final name is always whole.
/// </summary>
public sealed class ResumableDownload(RemoteArchive archive, DownloadTimeouts timeouts)
{
    private const int Attempts = 4;
    private const int BlockSize = 1 << 17;

    /// <exception cref="ServerUnreachableException">Not one byte could be received.</exception>
    /// <exception cref="SampleException">The file arrived damaged, the connection broke for good, or the disk refused it.</exception>
    public async Task RunAsync(string destination, Action<DownloadProgress> progress, CancellationToken cancellation)
    {
        var part = destination + ".part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(destination))!);
            var resumed = await ReceiveAsync(part, progress, cancellation).ConfigureAwait(false);
            if (!await IsIntactAsync(part, cancellation).ConfigureAwait(false))
            {
                File.Delete(part);
                // What was left from before may belong to another version of the file: that, and only that, is worth a second try.
                if (!resumed || await ReceiveAsync(part, progress, cancellation).ConfigureAwait(false)
                    || !await IsIntactAsync(part, cancellation).ConfigureAwait(false))
                {
                    File.Delete(part);
                    throw new SampleException(
                        $"{archive.Address}: what arrived does not have the MD5 checksum {archive.Md5}; it was deleted. "
                        + "Try again, or name a folder with --data.");
                }
            }

            File.Move(part, destination, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"{destination}: cannot be written: {fault.Message}", inner: fault);
        }
    }

    /// <summary>Brings the part file to its full length; true where it began with bytes from an earlier run.</summary>
    private async Task<bool> ReceiveAsync(string part, Action<DownloadProgress> progress, CancellationToken cancellation)
    {
        var before = Length(part);
        using var client = CreateClient();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ReceiveOnceAsync(client, part, progress, cancellation).ConfigureAwait(false);
                return before > 0;
            }
            catch (Exception fault) when (IsNetworkFault(fault, cancellation))
            {
                var reason = Reason(fault);
                if (Length(part) == before)
                {
                    throw new ServerUnreachableException($"{archive.Address.Host}: {reason}", fault);
                }

                if (attempt == Attempts)
                {
                    throw new SampleException(
                        $"{archive.Address}: the connection broke after {Length(part)} bytes ({reason}). Start again to go on from there.",
                        inner: fault);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task ReceiveOnceAsync(HttpClient client, string part, Action<DownloadProgress> progress, CancellationToken cancellation)
    {
        var have = Length(part);
        using var response = await RequestAsync(client, have, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The part is as long as the file, or longer: its checksum decides.
            return;
        }

        response.EnsureSuccessStatusCode();
        var continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        var start = continues ? have : 0;
        var total = response.Content.Headers.ContentLength + start;

        var file = new FileStream(part, continues ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, BlockSize);
        await using (file.ConfigureAwait(false))
        {
            var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                await CopyAsync(body, file, start, total, progress, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpClient client, long have, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, archive.Address);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeouts.Response);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
    }

    private async Task CopyAsync(
        Stream body, FileStream file, long start, long? total, Action<DownloadProgress> progress, CancellationToken cancellation)
    {
        var block = new byte[BlockSize];
        var received = start;
        progress(new DownloadProgress(received, total));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (true)
        {
            limit.CancelAfter(timeouts.Stall);
            var count = await ReadAsync(body, block, limit.Token).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            await file.WriteAsync(block.AsMemory(0, count), cancellation).ConfigureAwait(false);
            received += count;
            progress(new DownloadProgress(received, total));
        }

        if (total is { } expected && received < expected)
        {
            throw new HttpRequestException($"the server closed the connection at byte {received} of {expected}");
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
        var file = File.OpenRead(part);
        await using (file.ConfigureAwait(false))
        {
#pragma warning disable CA5351 // MD5 is what the data set's authors publish; it guards against a damaged transfer, not an adversary.
            var hash = await MD5.HashDataAsync(file, cancellation).ConfigureAwait(false);
#pragma warning restore CA5351
            return Convert.ToHexStringLower(hash) == archive.Md5;
        }
    }

    private HttpClient CreateClient() => new(new SocketsHttpHandler { ConnectTimeout = timeouts.Connect })
    {
        // Every phase has its own limit; one over the whole transfer would punish slow lines.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static bool IsNetworkFault(Exception fault, CancellationToken cancellation) =>
        fault is HttpRequestException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static string Reason(Exception fault) => fault is OperationCanceledException ? "no answer in time" : fault.Message;

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
