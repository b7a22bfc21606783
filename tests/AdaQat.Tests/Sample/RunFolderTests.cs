using System.Text.Json;
using ResNet20Cifar;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Output;

namespace AdaQat.Tests.Sample;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_come_back_as_they_were_saved()
    {
        var options =
            new RunOptions { Epochs = 3, Lambda = 0.1, FixedBits = new BitPair(4, 3), Seed = 8, TrainImages = 100, Out = _folder.Path };
        RunFolder.Choose(options).SaveStart(new RunStart(options, "CIFAR-10"));

        var start = RunFolder.Open(_folder.Path).LoadStart();

        start.Dataset.Should().Be("CIFAR-10");
        (start.Options with { Out = _folder.Path }).Should().Be(options);
    }

    [Fact]
    public void A_folder_with_a_run_in_it_is_not_written_over()
    {
        var options = new RunOptions { Out = _folder.Path };
        RunFolder.Choose(options).SaveStart(new RunStart(options, "CIFAR-10"));

        var choose = () => RunFolder.Choose(options);

        var fault = choose.Should().Throw<SampleException>().Which;
        fault.ExitCode.Should().Be(ExitCode.Usage);
        fault.Message.Should().Contain("--resume").And.Contain(_folder.Path);
    }

    [Fact]
    public void A_folder_is_made_when_there_is_something_to_write()
    {
        var options = new RunOptions { Out = _folder.In("new", "run") };
        var folder = RunFolder.Choose(options);
        Directory.Exists(folder.Path).Should().BeFalse();

        folder.SaveStart(new RunStart(options, "CIFAR-10"));

        File.Exists(folder.OptionsPath).Should().BeTrue();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_usage_error()
    {
        File.WriteAllText(_folder.In("file"), "");
        var options = new RunOptions { Out = _folder.In("file", "run") };

        var save = () => RunFolder.Choose(options).SaveStart(new RunStart(options, "CIFAR-10"));

        save.Should().Throw<SampleException>().WithMessage("--out *").Which.ExitCode.Should().Be(ExitCode.Usage);
    }

    [Fact]
    public void Without_a_name_a_run_gets_a_new_folder_under_runs()
    {
        RunFolder.Choose(new RunOptions { Unquantized = true }).Path.Should().Contain("runs").And.EndWith("-float");
    }

    [Fact]
    public void A_folder_without_a_run_cannot_be_gone_on_with()
    {
        var open = () => RunFolder.Open(_folder.Path);

        open.Should().Throw<SampleException>().WithMessage("*no run to go on with*").Which.ExitCode.Should().Be(ExitCode.Usage);
    }

    [Fact]
    public void A_damaged_options_file_is_named()
    {
        File.WriteAllText(_folder.In("options.json"), "{ \"options\": ");

        var load = () => RunFolder.Open(_folder.Path).LoadStart();

        load.Should().Throw<SampleException>().WithMessage("*options.json*");
    }

    [Fact]
    public void The_record_has_the_names_that_scripts_rely_on()
    {
        var folder = RunFolder.Choose(new RunOptions { Out = _folder.Path });
        folder.SaveRecord(new RunRecord
        {
            TestAccuracy = 0.5,
            WeightBits = 4,
            ActivationBits = 3,
            WeightFrozenAtStep = 100,
            ActivationFrozenAtStep = null,
            BitOps = 6.7e8,
            Lambda = 0.2,
            TargetBitOps = 6.8e8,
            WeightCompression = 8,
            Steps = 10,
            Seconds = 1.5,
            Dataset = "CIFAR-10",
            TrainImages = 128,
            TestImages = 10,
            TorchVersion = "1.13.1",
            Threads = 2,
            Layers = [new LayerRecord("conv1", 8, 8, 442_368)],
            Options = new RunOptions(),
        });

        using var json = JsonDocument.Parse(File.ReadAllText(folder.RecordPath));

        var root = json.RootElement;
        root.GetProperty("testAccuracy").GetDouble().Should().Be(0.5);
        root.GetProperty("weightBits").GetDouble().Should().Be(4);
        root.GetProperty("activationBits").GetDouble().Should().Be(3);
        root.GetProperty("weightFrozenAtStep").GetInt64().Should().Be(100);
        root.GetProperty("activationFrozenAtStep").ValueKind.Should().Be(JsonValueKind.Null);
        root.GetProperty("bitOps").GetDouble().Should().Be(6.7e8);
        root.GetProperty("lambda").GetDouble().Should().Be(0.2);
        root.GetProperty("targetBitOps").GetDouble().Should().Be(6.8e8);
        root.GetProperty("weightCompression").GetDouble().Should().Be(8);
        root.GetProperty("steps").GetInt64().Should().Be(10);
        root.GetProperty("seconds").GetDouble().Should().Be(1.5);
        root.GetProperty("dataset").GetString().Should().Be("CIFAR-10");
        root.GetProperty("torchVersion").GetString().Should().Be("1.13.1");
        root.GetProperty("options").GetProperty("mode").GetString().Should().Be("adaQat");
        root.GetProperty("options").GetProperty("batchSize").GetInt32().Should().Be(128);
    }
}
