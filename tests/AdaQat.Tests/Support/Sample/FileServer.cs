using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AdaQat.Tests.Support.Sample;

/// <summary>An HTTP server on the loopback interface that hands out one file, as well or as badly as a test wants.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly byte[] _content;
    private readonly Task _serving;

    public FileServer(byte[] content)
    {
        _content = content;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/files/archive.tar.gz");
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>The Range header of each request, in order; null where there was none.</summary>
    public List<string?> Ranges { get; } = [];

    public bool SupportsRanges { get; init; } = true;

    /// <summary>After how many bytes the first so many answers break off; empty: none does.</summary>
    public Queue<int> Cuts { get; init; } = new();

    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>The address of a server that is there no more.</summary>
    public static Uri Nobody()
    {
        using var server = new FileServer([]);
        return server.Address;
    }

    public void Dispose()
    {
        _closing.Cancel();
        _serving.Wait();
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                await AnswerAsync(client.GetStream());
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException)
            {
                // The client has gone away, as one does that was cancelled.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var range = await ReadRangeAsync(stream);
        Ranges.Add(range);
        var isPart = range is not null && SupportsRanges;
        var start = isPart ? int.Parse(range!["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        var status = Status != HttpStatusCode.OK ? Status
            : start >= _content.Length && isPart ? HttpStatusCode.RequestedRangeNotSatisfiable
            : isPart ? HttpStatusCode.PartialContent : HttpStatusCode.OK;
        var body = status is HttpStatusCode.OK or HttpStatusCode.PartialContent ? _content[start..] : [];

        var head = $"HTTP/1.1 {(int)status} {status}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n";
        if (status == HttpStatusCode.PartialContent)
        {
            head += $"Content-Range: bytes {start}-{_content.Length - 1}/{_content.Length}\r\n";
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"), _closing.Token);
        var count = Cuts.TryDequeue(out var cut) ? Math.Min(cut, body.Length) : body.Length;
        await stream.WriteAsync(body.AsMemory(0, count), _closing.Token);
    }

    /// <summary>Reads a request up to its empty line; what matters of it is which bytes it asks for.</summary>
    private async Task<string?> ReadRangeAsync(NetworkStream stream)
    {
        string? range = null;
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase))
            {
                range = line["Range: ".Length..];
            }
        }

        return range;
    }
}
