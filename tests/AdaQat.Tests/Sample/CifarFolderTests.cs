using AdaQat.Tests.Support.Sample;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class CifarFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folder_itself_is_found()
    {
        CifarFiles.WriteAll(_folder.Path, 1);

        CifarFolder.Find(_folder.Path).Path.Should().Be(_folder.Path);
    }

    [Fact]
    public void The_standard_folder_inside_the_named_one_is_found()
    {
        CifarFiles.WriteAll(_folder.In(CifarFormat.FolderName), 1);

        CifarFolder.Find(_folder.Path).Path.Should().Be(_folder.In(CifarFormat.FolderName));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_a_usage_error_that_names_it()
    {
        var fault = Assert.Throws<SampleException>(() => CifarFolder.Find(_folder.In("nowhere")));

        fault.ExitCode.Should().Be(ExitCode.Usage);
        fault.Message.Should().Contain("--data").And.Contain(_folder.In("nowhere")).And.Contain("no such folder");
    }

    [Fact]
    public void An_empty_folder_is_a_usage_error_that_names_every_missing_file()
    {
        var fault = Assert.Throws<SampleException>(() => CifarFolder.Find(_folder.Path));

        fault.ExitCode.Should().Be(ExitCode.Usage);
        fault.Message.Should().ContainAll(CifarFormat.AllFiles);
    }

    [Fact]
    public void One_missing_file_is_named_and_no_other()
    {
        CifarFiles.WriteAll(_folder.Path, 1);
        File.Delete(_folder.In("data_batch_4.bin"));

        var fault = Assert.Throws<SampleException>(() => CifarFolder.Find(_folder.Path));

        fault.Message.Should().Contain("data_batch_4.bin").And.NotContain("data_batch_3.bin").And.NotContain("test_batch.bin");
    }

    [Fact]
    public void A_damaged_file_is_refused_when_the_set_is_loaded()
    {
        CifarFiles.WriteAll(_folder.Path, 1);

        var load = () => CifarFolder.Find(_folder.Path).Load();

        load.Should().Throw<CifarFormatException>().WithMessage("*data_batch_1.bin: truncated*");
    }
}
