using System.Text.Json;
using AdaQat.Training;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Output;

namespace AdaQat.Tests.Sample;

public sealed class RunRecordTests
{
    [Fact]
    public void The_record_has_the_names_that_scripts_rely_on()
    {
        var record = new RunRecord(
            TestAccuracy: 0.5, WeightBits: 4, ActivationBits: 3, WeightFrozenAtStep: 100, ActivationFrozenAtStep: null, BitOps: 6.7e8,
            Lambda: 0.2, TargetBitOps: 6.8e8, WeightCompression: 8, Steps: 10, Seconds: 1.5, Dataset: "CIFAR-10", TrainImages: 128,
            TestImages: 10, TorchVersion: "2.10", Threads: 2, Layers: [new LayerRecord("conv1", 8, 8, 442_368)], Options: new RunOptions());

        var json = JsonSerializer.SerializeToElement(record, RunFolder.Json);

        json.GetProperty("testAccuracy").GetDouble().Should().Be(0.5);
        json.GetProperty("weightBits").GetDouble().Should().Be(4);
        json.GetProperty("activationBits").GetDouble().Should().Be(3);
        json.GetProperty("weightFrozenAtStep").GetInt64().Should().Be(100);
        json.GetProperty("activationFrozenAtStep").ValueKind.Should().Be(JsonValueKind.Null);
        json.GetProperty("bitOps").GetDouble().Should().Be(6.7e8);
        json.GetProperty("lambda").GetDouble().Should().Be(0.2);
        json.GetProperty("targetBitOps").GetDouble().Should().Be(6.8e8);
        json.GetProperty("weightCompression").GetDouble().Should().Be(8);
        json.GetProperty("steps").GetInt64().Should().Be(10);
        json.GetProperty("seconds").GetDouble().Should().Be(1.5);
        json.GetProperty("dataset").GetString().Should().Be("CIFAR-10");
        json.GetProperty("torchVersion").GetString().Should().Be("2.10");
        json.GetProperty("options").GetProperty("mode").GetString().Should().Be("adaQat");
        json.GetProperty("options").GetProperty("batchSize").GetInt32().Should().Be(128);
    }
}
