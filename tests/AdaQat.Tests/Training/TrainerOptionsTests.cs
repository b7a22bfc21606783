using AdaQat.Training;

namespace AdaQat.Tests.Training;

public sealed class TrainerOptionsTests
{
    public static TheoryData<TrainerOptions, string> Refused { get; } = new()
    {
        { new() { Epochs = 0 }, "Epochs is 0; allowed are 1 and more.*" },
        { new() { CheckpointInterval = 0, CheckpointPath = "x" }, "CheckpointInterval is 0; allowed are 1 and more.*" },
        { new() { CheckpointInterval = 5 }, "CheckpointInterval is 5, but CheckpointPath is null; give a path too.*" },
        { new() { CheckpointPath = " " }, "CheckpointPath is empty; allowed are a file's path, and null.*" },
        { new() { CheckpointPath = "no/such/folder/run.ckpt" },
            "CheckpointPath is 'no/such/folder/run.ckpt', in a folder that does not exist*" },
        { new() { Schedule = LearningRateSchedule.Cosine(-1) }, "Final is -1; allowed are*" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_value_outside_what_is_allowed_is_refused_by_name(TrainerOptions options, string message)
    {
        var make = () => new TrainerRun(options);

        make.Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void Widths_without_a_quantized_model_are_refused()
    {
        using var run = new TrainerRun();

        var make = () => new AdaQatTrainer(run.Model, run.Weights, TrainerRun.CrossEntropy, null, null, run.Widths);

        make.Should().Throw<ArgumentException>().WithMessage("Bit-widths can be learned of a quantized model only*");
    }

    [Fact]
    public void Widths_of_another_quantized_model_are_refused()
    {
        using var run = new TrainerRun();
        using var other = new TrainerRun();

        var make = () => new AdaQatTrainer(run.Model, run.Weights, TrainerRun.CrossEntropy, null, run.Quantized, other.Widths);

        make.Should().Throw<ArgumentException>().WithMessage("The optimizer of the bit-widths is of another quantized model*");
    }

    [Fact]
    public void A_quantized_model_of_another_model_is_refused()
    {
        using var run = new TrainerRun();
        using var other = new TrainerRun();

        var make = () => new AdaQatTrainer(run.Model, run.Weights, TrainerRun.CrossEntropy, null, other.Quantized);

        make.Should().Throw<ArgumentException>().WithMessage("The quantized model is of another model*");
    }
}
