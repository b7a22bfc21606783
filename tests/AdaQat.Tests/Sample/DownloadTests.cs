using System.Net;
using System.Security.Cryptography;
using AdaQat.Tests.Support.Sample;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Content = Archive();
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();

    private string Extracted => _folder.In("cache", CifarFormat.FolderName);

    private string Part => _folder.In("cache", "archive.tar.gz.part");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_file_arrives_under_its_final_name_and_progress_ends_at_its_length()
    {
        using var server = new FileServer(Content);
        var progress = new List<(long Received, long? Total)>();

        await Download(server, Content, (received, total) => progress.Add((received, total)));

        ShouldBeWhole();
        File.Exists(Part).Should().BeFalse();
        progress[0].Received.Should().Be(0);
        progress[^1].Should().Be((Content.Length, Content.Length));
        server.Ranges.Should().Equal((string?)null);
    }

    [Fact]
    public async Task A_part_from_before_is_gone_on_with_by_range()
    {
        LeavePart(Content[..200_000]);
        using var server = new FileServer(Content);

        await Download(server, Content);

        ShouldBeWhole();
        server.Ranges.Should().Equal("bytes=200000-");
    }

    [Fact]
    public async Task A_server_without_ranges_makes_the_download_start_over()
    {
        LeavePart(Content[..200_000]);
        using var server = new FileServer(Content) { SupportsRanges = false };

        await Download(server, Content);

        ShouldBeWhole();
    }

    [Fact]
    public async Task A_part_that_is_complete_already_is_taken()
    {
        LeavePart(Content);
        using var server = new FileServer(Content);

        await Download(server, Content);

        ShouldBeWhole();
    }

    [Fact]
    public async Task A_part_of_another_file_is_thrown_away_and_fetched_anew()
    {
        LeavePart(new byte[100_000]);
        using var server = new FileServer(Content);

        await Download(server, Content);

        ShouldBeWhole();
        server.Ranges.Should().Equal("bytes=100000-", null);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_taken_up_where_it_broke()
    {
        using var server = new FileServer(Content) { Cuts = new Queue<int>([150_000, 100_000]) };

        await Download(server, Content);

        ShouldBeWhole();
        server.Ranges.Should().HaveCount(3);
        server.Ranges[1].Should().StartWith("bytes=");
    }

    [Fact]
    public async Task A_connection_that_breaks_for_good_leaves_the_part_for_the_next_time()
    {
        using var server = new FileServer(Content) { Cuts = new Queue<int>(Enumerable.Repeat(50_000, 20)) };

        var fault = await Assert.ThrowsAsync<SampleException>(() => Download(server, Content));

        fault.Message.Should().Contain("connection broke");
        Directory.Exists(Extracted).Should().BeFalse();
        File.ReadAllBytes(Part).Should().Equal(Content[..(int)new FileInfo(Part).Length]);
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_and_nothing_is_left()
    {
        using var server = new FileServer(Content);

        var fault = await Assert.ThrowsAsync<SampleException>(() => Download(server, new byte[10]));

        fault.Message.Should().Contain("checksum").And.Contain(server.Address.ToString());
        Directory.GetFileSystemEntries(_folder.In("cache")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_the_server_does_not_have_counts_as_unreachable()
    {
        using var server = new FileServer(Content) { Status = HttpStatusCode.NotFound };

        var fault = await Assert.ThrowsAsync<ServerUnreachableException>(() => Download(server, Content));

        fault.Message.Should().Contain("404");
        Directory.GetFileSystemEntries(_folder.In("cache")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_machine_without_the_server_finds_out_at_once()
    {
        var download = Of(FileServer.Nobody(), Content);

        await Assert.ThrowsAsync<ServerUnreachableException>(
            () => download.RunAsync(_folder.In("cache"), (_, _) => { }, CancellationToken.None));
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
        var download = Of(server.Address, Content);

        var run = () => download.RunAsync(_folder.In("cache"), (_, _) => cancellation.Cancel(), cancellation.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        Directory.Exists(Extracted).Should().BeFalse();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_folder.In("cache"), "a file where the folder must be");
        using var server = new FileServer(Content);

        var fault = await Assert.ThrowsAsync<SampleException>(() => Download(server, Content));

        fault.Message.Should().Contain(Part);
    }

    [Fact]
    public async Task An_archive_without_one_of_the_files_leaves_no_folder()
    {
        var archive = TarGz.Pack([.. Members(CifarFormat.TrainFiles)]);
        using var server = new FileServer(archive);

        var fault = await Assert.ThrowsAsync<SampleException>(() => Download(server, archive));

        fault.Message.Should().Contain("test_batch.bin");
        Directory.GetDirectories(_folder.In("cache")).Should().BeEmpty();
    }

    [Fact]
    public async Task An_incomplete_folder_from_before_is_replaced()
    {
        Directory.CreateDirectory(Extracted);
        File.WriteAllText(Path.Combine(Extracted, "data_batch_1.bin"), "old");
        using var server = new FileServer(Content);

        await Download(server, Content);

        ShouldBeWhole();
    }

    [Fact]
    public async Task An_archive_with_a_path_that_leads_outside_is_refused()
    {
        var archive = TarGz.Pack([.. Members(CifarFormat.AllFiles), ("../../outside.bin", [1, 2])]);
        using var server = new FileServer(archive);

        await Assert.ThrowsAsync<SampleException>(() => Download(server, archive));

        Directory.GetFiles(_folder.Path, "outside.bin", SearchOption.AllDirectories).Should().BeEmpty();
        Directory.Exists(Extracted).Should().BeFalse();
    }

    private Task<CifarFolder> Download(FileServer server, byte[] expected, Action<long, long?>? progress = null) =>
        Of(server.Address, expected).RunAsync(_folder.In("cache"), progress ?? ((_, _) => { }), CancellationToken.None);

    private static CifarDownload Of(Uri address, byte[] expected) =>
        new(address, Md5(expected), new DownloadTimeouts(Limit, Limit, Limit));

    /// <summary>Every file is there, and nothing else is.</summary>
    private void ShouldBeWhole()
    {
        foreach (var (name, content) in Members(CifarFormat.AllFiles))
        {
            File.ReadAllBytes(_folder.In("cache", name)).Should().Equal(content);
        }

        Directory.GetFileSystemEntries(_folder.In("cache")).Should().Equal(Extracted);
    }

    private void LeavePart(byte[] bytes)
    {
        Directory.CreateDirectory(_folder.In("cache"));
        File.WriteAllBytes(Part, bytes);
    }

    /// <summary>Random bytes, which nothing makes smaller: about half a megabyte packed.</summary>
    private static byte[] Archive() => TarGz.Pack([.. Members(CifarFormat.AllFiles)]);

    private static IEnumerable<(string Name, byte[] Content)> Members(IEnumerable<string> names) => names.Select((name, index) =>
    {
        var random = new KeyedRandom(1, index);
        return ($"{CifarFormat.FolderName}/{name}", Enumerable.Range(0, 80_000).Select(_ => (byte)random.NextInt32(256)).ToArray());
    });

#pragma warning disable CA5351 // The checksum that the data set is published with.
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
