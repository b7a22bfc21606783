using System.Security.Cryptography;
using AdaQat.Tests.Support.Sample;
using ResNet20Cifar;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Data;
using ResNet20Cifar.Data.Cifar;
using ResNet20Cifar.Data.Download;
using ResNet20Cifar.Data.Procedural;

namespace AdaQat.Tests.Sample;

public sealed class CifarDownloadTests : IDisposable
{
    private readonly TemporaryFolder _cache = new();

    private string Extracted => _cache.In(CifarFormat.FolderName);

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task The_files_end_in_the_cache_and_the_archive_is_gone()
    {
        var archive = TarGz.Pack(
            [.. Members(CifarFormat.AllFiles.Append(CifarFormat.NamesFile)), ("cifar-10-batches-bin/readme.html", [1, 2])]);
        using var server = new FileServer(archive);

        var folder = await Download(server, archive).RunAsync(_cache.Path, _ => { }, CancellationToken.None);

        folder.Path.Should().Be(Extracted);
        File.ReadAllBytes(Path.Combine(Extracted, "data_batch_2.bin")).Should().Equal(Member("data_batch_2.bin"));
        Directory.GetFiles(Extracted).Should().HaveCount(7);
        Directory.GetFileSystemEntries(_cache.Path).Should().Equal(Extracted);
    }

    [Fact]
    public async Task An_archive_without_one_of_the_files_leaves_no_folder()
    {
        var archive = TarGz.Pack([.. Members(CifarFormat.TrainFiles)]);
        using var server = new FileServer(archive);

        var run = () => Download(server, archive).RunAsync(_cache.Path, _ => { }, CancellationToken.None);

        (await run.Should().ThrowAsync<SampleException>()).WithMessage("*test_batch.bin*");
        Directory.GetDirectories(_cache.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task An_incomplete_folder_from_before_is_replaced()
    {
        Directory.CreateDirectory(Extracted);
        File.WriteAllText(Path.Combine(Extracted, "data_batch_1.bin"), "old");
        var archive = TarGz.Pack([.. Members(CifarFormat.AllFiles.Append(CifarFormat.NamesFile))]);
        using var server = new FileServer(archive);

        await Download(server, archive).RunAsync(_cache.Path, _ => { }, CancellationToken.None);

        File.ReadAllBytes(Path.Combine(Extracted, "data_batch_1.bin")).Should().Equal(Member("data_batch_1.bin"));
    }

    [Fact]
    public async Task An_entry_whose_path_leads_outside_is_written_inside_by_its_name_alone()
    {
        var members = Members(CifarFormat.AllFiles.Append(CifarFormat.NamesFile)).ToArray();
        members[0].Name = "../../" + CifarFormat.TrainFiles[0];
        var archive = TarGz.Pack(members);
        using var server = new FileServer(archive);

        await Download(server, archive).RunAsync(_cache.In("inner", "cache"), _ => { }, CancellationToken.None);

        File.Exists(_cache.In("inner", "cache", CifarFormat.FolderName, CifarFormat.TrainFiles[0])).Should().BeTrue();
        File.Exists(_cache.In(CifarFormat.TrainFiles[0])).Should().BeFalse();
    }

    [Fact]
    public void Without_network_generated_images_are_used_and_one_line_says_so()
    {
        var said = new List<string>();

        var dataset = Source(said).Load(new RunOptions(), recorded: null, CancellationToken.None);

        dataset.Name.Should().Be(ProceduralImages.Name);
        dataset.Train.Count.Should().Be(ProceduralImages.TrainImages);
        said.Should().ContainSingle(
            line => line.Contains("cannot be downloaded") && line.Contains(ProceduralImages.Name) && line.Contains("--data"));
    }

    [Fact]
    public void A_named_folder_without_files_never_falls_back()
    {
        var said = new List<string>();
        var load = () => Source(said).Load(new RunOptions { Data = _cache.Path }, recorded: null, CancellationToken.None);

        load.Should().Throw<SampleException>().Which.ExitCode.Should().Be(ExitCode.Usage);
        said.Should().BeEmpty();
    }

    [Fact]
    public void A_run_begun_on_the_real_images_does_not_go_on_with_generated_ones()
    {
        var load = () => Source([]).Load(new RunOptions(), recorded: "CIFAR-10", CancellationToken.None);

        load.Should().Throw<SampleException>().WithMessage("*started on CIFAR-10*");
    }

    [Theory]
    [InlineData("--train-images", ProceduralImages.TrainImages)]
    [InlineData("--test-images", ProceduralImages.TestImages)]
    public void More_images_than_there_are_is_a_usage_error_that_says_how_many_there_are(string option, int available)
    {
        var options =
            option == "--train-images" ? new RunOptions { TrainImages = available + 1 } : new RunOptions { TestImages = available + 1 };
        var load = () => Source([]).Load(options, recorded: null, CancellationToken.None);

        var fault = load.Should().Throw<SampleException>().Which;
        fault.ExitCode.Should().Be(ExitCode.Usage);
        fault.Message.Should().Contain(option).And.Contain($"'{available + 1}'").And.Contain($"1 to {available}");
    }

    [Fact]
    public void A_batch_larger_than_the_training_images_is_a_usage_error()
    {
        var load = () => Source([]).Load(new RunOptions { TrainImages = 100, BatchSize = 101 }, recorded: null, CancellationToken.None);

        load.Should().Throw<SampleException>().WithMessage("--batch-size: '101'*1 to 100*");
    }

    [Fact]
    public void A_prefix_is_what_was_asked_for()
    {
        var whole = Source([]).Load(new RunOptions(), recorded: null, CancellationToken.None);
        var part = Source([]).Load(new RunOptions { TrainImages = 300, TestImages = 20 }, recorded: null, CancellationToken.None);

        part.Train.Count.Should().Be(300);
        part.Test.Count.Should().Be(20);
        part.Train.Image(299).ToArray().Should().Equal(whole.Train.Image(299).ToArray());
        part.Normalization.Mean.Should().Equal(whole.Normalization.Mean);
    }

    /// <summary>A source whose server does not answer.</summary>
    private DatasetSource Source(List<string> said)
    {
        var nobody = new CifarDownload(
            new RemoteArchive(FileServer.Nobody(), "00"), new DownloadTimeouts { Connect = TimeSpan.FromSeconds(2) });
        return new DatasetSource(_cache.Path, nobody, said.Add, _ => { });
    }

    private static CifarDownload Download(FileServer server, byte[] archive) =>
        new(new RemoteArchive(server.Address, Md5(archive)), new DownloadTimeouts());

    private static IEnumerable<(string Name, byte[] Content)> Members(IEnumerable<string> names) =>
        names.Select(name => ($"cifar-10-batches-bin/{name}", Member(name)));

    private static byte[] Member(string name) => System.Text.Encoding.ASCII.GetBytes("content of " + name);

#pragma warning disable CA5351 // The checksum that the data set is published with.
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
