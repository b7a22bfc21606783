using AdaQat.Tests.Support.Sample;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class DatasetSourceTests : IDisposable
{
    private static readonly DataRequest Whole = new(null, null, null, 128);

    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void Without_network_generated_images_are_used_and_one_line_says_so()
    {
        var said = new List<string>();

        var dataset = Source(said).Load(Whole, CancellationToken.None);

        dataset.Name.Should().Be(ProceduralImages.Name);
        dataset.Train.Count.Should().Be(ProceduralImages.TrainImages);
        said.Should().ContainSingle(
            line => line.Contains("cannot be downloaded") && line.Contains(ProceduralImages.Name) && line.Contains("--data"));
    }

    [Fact]
    public void A_named_folder_without_files_never_falls_back()
    {
        var said = new List<string>();
        var load = () => Source(said).Load(Whole with { Folder = _cache.Path }, CancellationToken.None);

        load.Should().Throw<SampleException>().Which.ExitCode.Should().Be(ExitCode.Usage);
        said.Should().BeEmpty();
    }

    [Fact]
    public void A_run_begun_on_the_real_images_does_not_go_on_with_generated_ones()
    {
        var load = () => Source([]).Load(Whole with { Recorded = "CIFAR-10" }, CancellationToken.None);

        load.Should().Throw<SampleException>().WithMessage("*started on CIFAR-10*");
    }

    [Theory]
    [InlineData("--train-images", ProceduralImages.TrainImages)]
    [InlineData("--test-images", ProceduralImages.TestImages)]
    public void More_images_than_there_are_is_a_usage_error_that_says_how_many_there_are(string option, int available)
    {
        var request = option == "--train-images" ? Whole with { TrainImages = available + 1 } : Whole with { TestImages = available + 1 };
        var load = () => Source([]).Load(request, CancellationToken.None);

        var fault = load.Should().Throw<SampleException>().Which;
        fault.ExitCode.Should().Be(ExitCode.Usage);
        fault.Message.Should().Contain(option).And.Contain($"'{available + 1}'").And.Contain($"1 to {available}");
    }

    [Fact]
    public void A_batch_larger_than_the_training_images_is_a_usage_error()
    {
        var load = () => Source([]).Load(Whole with { TrainImages = 100, BatchSize = 101 }, CancellationToken.None);

        load.Should().Throw<SampleException>().WithMessage("--batch-size: '101'*1 to 100*");
    }

    [Fact]
    public void A_prefix_is_what_was_asked_for()
    {
        var whole = Source([]).Load(Whole, CancellationToken.None);
        var part = Source([]).Load(Whole with { TrainImages = 300, TestImages = 20 }, CancellationToken.None);

        part.Train.Count.Should().Be(300);
        part.Test.Count.Should().Be(20);
        part.Train.Image(299).ToArray().Should().Equal(whole.Train.Image(299).ToArray());
        part.Normalization.Mean.Should().Equal(whole.Normalization.Mean);
    }

    /// <summary>A source whose server does not answer.</summary>
    private DatasetSource Source(List<string> said)
    {
        var nobody = new CifarDownload(FileServer.Nobody(), "00", DownloadTimeouts.Default with { Connect = TimeSpan.FromSeconds(2) });
        return new DatasetSource(_cache.Path, nobody, said.Add);
    }
}
