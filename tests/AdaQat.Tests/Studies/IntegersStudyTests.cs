using AdaQat.Runtime;
using AdaQat.Studies.CommandLine;
using AdaQat.Studies.Compiling;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Studies;

/// <summary>The study of integer networks: its command line, and networks that are trained once.</summary>
public sealed class IntegersStudyTests
{
    private IntegersOptions? _options;

    [Fact]
    public void Every_option_arrives_and_without_options_the_defaults_hold()
    {
        Run("integers").Code.Should().Be(ExitCode.Success);
        _options.Should().Be(new IntegersOptions());

        Run("integers", "--data", "d", "--networks", "mlp,vit", "--weights", "dorefa", "--activations", "pact", "--bits", "2,3",
            "--joins", "quantized", "--train-images", "64", "--epochs", "3", "--batch-size", "16", "--rate", "0.001", "--images",
            "65", "--seed", "9", "--threads", "1", "--out", "o").Code.Should().Be(ExitCode.Success);
        _options.Should().Be(new IntegersOptions
        {
            Data = "d",
            Networks = "mlp,vit",
            Weights = "dorefa",
            Activations = "pact",
            WeightBits = 2,
            ActivationBits = 3,
            Joins = JoinHandling.Quantized,
            TrainImages = 64,
            Epochs = 3,
            BatchSize = 16,
            Rate = 0.001,
            Images = 65,
            Seed = 9,
            Threads = 1,
            Out = "o",
        });
    }

    [Fact]
    public void A_network_that_is_none_is_refused_with_those_that_are() =>
        Run("integers", "--networks", "mlp,vgg").ShouldRefuse("--networks", "mlp,vgg", "some of resnet20,mobilenet,resnet18");

    [Fact]
    public void Networks_are_trained_once_and_their_models_are_kept()
    {
        using var folder = new TemporaryFolder();
        var images = ProceduralImages.Create();
        images = images with { Train = images.Train.Take(8), Test = images.Test.Take(4) };
        var options = new IntegersOptions { Networks = "mlp,keywords,u-net,vit", Out = folder.Path };

        IntegersStudy.Execute(options, () => images).Should().Be(ExitCode.Success);

        var written = Names().Select(name => File.ReadAllBytes(Path.Combine(folder.In(name), "model.adaq"))).ToList();
        written.Should().HaveCount(4).And.OnlyContain(file => IntegerModel.Load(new MemoryStream(file)).Outputs.Count == 1);
        IntegersStudy.Execute(options, () => images).Should().Be(ExitCode.Success);
        Names().Select(name => File.ReadAllBytes(Path.Combine(folder.In(name), "model.adaq"))).Should().BeEquivalentTo(written);

        IEnumerable<string> Names() => options.Networks.Split(',');
    }

    private CommandOutcome Run(params string[] arguments) => CommandOutcome.Of(error => new StudyCommand(
        IntegersCommand.Create(options =>
        {
            _options = options;
            return ExitCode.Success;
        })).Invoke(arguments, TextWriter.Null, error));
}
