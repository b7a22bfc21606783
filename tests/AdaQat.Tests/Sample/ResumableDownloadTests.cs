using System.Net;
using System.Security.Cryptography;
using AdaQat.Tests.Support.Sample;
using ResNet20Cifar;
using ResNet20Cifar.Data;
using ResNet20Cifar.Data.Download;

namespace AdaQat.Tests.Sample;

public sealed class ResumableDownloadTests : IDisposable
{
    private static readonly byte[] Content = RandomBytes(500_000);
    private static readonly DownloadTimeouts Timeouts = new()
    {
        Connect = TimeSpan.FromSeconds(2),
        Response = TimeSpan.FromSeconds(2),
        Stall = TimeSpan.FromSeconds(2),
    };

    private readonly TemporaryFolder _folder = new();

    private string Destination => _folder.In("cache", "archive.tar.gz");

    private string Part => Destination + ".part";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_file_arrives_under_its_final_name_and_progress_ends_at_its_length()
    {
        using var server = new FileServer(Content);
        var progress = new List<DownloadProgress>();

        await Download(server, Content, progress.Add);

        File.ReadAllBytes(Destination).Should().Equal(Content);
        File.Exists(Part).Should().BeFalse();
        progress[0].Received.Should().Be(0);
        progress[^1].Should().Be(new DownloadProgress(Content.Length, Content.Length));
        server.Ranges.Should().Equal((string?)null);
    }

    [Fact]
    public async Task A_part_from_before_is_gone_on_with_by_range()
    {
        LeavePart(Content[..200_000]);
        using var server = new FileServer(Content);

        await Download(server, Content);

        File.ReadAllBytes(Destination).Should().Equal(Content);
        server.Ranges.Should().Equal("bytes=200000-");
    }

    [Fact]
    public async Task A_server_without_ranges_makes_the_download_start_over()
    {
        LeavePart(Content[..200_000]);
        using var server = new FileServer(Content) { SupportsRanges = false };

        await Download(server, Content);

        File.ReadAllBytes(Destination).Should().Equal(Content);
    }

    [Fact]
    public async Task A_part_that_is_complete_already_is_taken()
    {
        LeavePart(Content);
        using var server = new FileServer(Content);

        await Download(server, Content);

        File.ReadAllBytes(Destination).Should().Equal(Content);
    }

    [Fact]
    public async Task A_part_of_another_file_is_thrown_away_and_fetched_anew()
    {
        LeavePart(new byte[100_000]);
        using var server = new FileServer(Content);

        await Download(server, Content);

        File.ReadAllBytes(Destination).Should().Equal(Content);
        server.Ranges.Should().Equal("bytes=100000-", null);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_taken_up_where_it_broke()
    {
        using var server = new FileServer(Content) { Cuts = new Queue<int>([150_000, 100_000]) };

        await Download(server, Content);

        File.ReadAllBytes(Destination).Should().Equal(Content);
        server.Ranges.Should().HaveCount(3);
        server.Ranges[1].Should().StartWith("bytes=");
    }

    [Fact]
    public async Task A_connection_that_breaks_for_good_leaves_the_part_for_the_next_time()
    {
        using var server = new FileServer(Content) { Cuts = new Queue<int>(Enumerable.Repeat(50_000, 20)) };

        var fault = await Assert.ThrowsAsync<SampleException>(() => Download(server, Content));

        fault.Message.Should().Contain("connection broke");
        File.Exists(Destination).Should().BeFalse();
        File.ReadAllBytes(Part).Should().Equal(Content[..(int)new FileInfo(Part).Length]);
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_and_nothing_is_left()
    {
        using var server = new FileServer(Content);

        var fault = await Assert.ThrowsAsync<SampleException>(() => Download(server, new byte[10]));

        fault.Message.Should().Contain("checksum").And.Contain(server.Address.ToString());
        Directory.GetFiles(_folder.In("cache")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_the_server_does_not_have_counts_as_unreachable()
    {
        using var server = new FileServer(Content) { Status = HttpStatusCode.NotFound };

        var fault = await Assert.ThrowsAsync<ServerUnreachableException>(() => Download(server, Content));

        fault.Message.Should().Contain("404");
        Directory.GetFiles(_folder.In("cache")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_machine_without_the_server_finds_out_at_once()
    {
        var download = new ResumableDownload(new RemoteArchive(FileServer.Nobody(), Md5(Content)), Timeouts);

        await Assert.ThrowsAsync<ServerUnreachableException>(() => download.RunAsync(Destination, _ => { }, CancellationToken.None));
    }

    [Fact]
    public async Task A_machine_without_the_server_keeps_the_part_it_has()
    {
        LeavePart(Content[..1000]);
        using var server = new FileServer(Content) { Status = HttpStatusCode.ServiceUnavailable };

        await Assert.ThrowsAsync<ServerUnreachableException>(() => Download(server, Content));

        File.ReadAllBytes(Part).Should().Equal(Content[..1000]);
    }

    [Fact]
    public async Task A_cancelled_download_leaves_no_file_of_the_final_name()
    {
        using var server = new FileServer(Content);
        using var cancellation = new CancellationTokenSource();
        var download = new ResumableDownload(new RemoteArchive(server.Address, Md5(Content)), Timeouts);

        var run = () => download.RunAsync(Destination, _ => cancellation.Cancel(), cancellation.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        File.Exists(Destination).Should().BeFalse();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_folder.In("cache"), "a file where the folder must be");
        using var server = new FileServer(Content);

        var fault = await Assert.ThrowsAsync<SampleException>(() => Download(server, Content));

        fault.Message.Should().Contain(Destination);
    }

    private Task Download(FileServer server, byte[] expected, Action<DownloadProgress>? progress = null) =>
        new ResumableDownload(new RemoteArchive(server.Address, Md5(expected)), Timeouts)
            .RunAsync(Destination, progress ?? (_ => { }), CancellationToken.None);

    private void LeavePart(byte[] bytes)
    {
        Directory.CreateDirectory(_folder.In("cache"));
        File.WriteAllBytes(Part, bytes);
    }

    private static byte[] RandomBytes(int count)
    {
        var random = new KeyedRandom(1, 2);
        var bytes = new byte[count];
        for (var index = 0; index < count; index++)
        {
            bytes[index] = (byte)random.NextInt32(256);
        }

        return bytes;
    }

#pragma warning disable CA5351 // The checksum that the data set is published with.
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
