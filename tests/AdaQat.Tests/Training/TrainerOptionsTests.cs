using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

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
    public void A_model_that_is_quantized_is_not_trained_as_one_in_float()
    {
        using var run = new TrainerRun();

        var make = () => new AdaQatTrainer(run.Model, run.Weights, TrainerRun.CrossEntropy);

        make.Should().Throw<ArgumentException>().WithMessage("The model is quantized: give its QuantizedModel*or its BitWidthOptimizer*");
    }

    [Fact]
    public void A_model_of_two_inputs_is_referred_to_a_step_function()
    {
        using var model = new PairNetwork();
        using var weights = optim.SGD(model.parameters(), 0.1);
        var (left, right) = PairNetwork.Example();
        using var quantized = QuantizedModel.Attach(model, left, right, new QuantizationOptions());

        var make = () => new AdaQatTrainer(quantized, weights, TrainerRun.CrossEntropy);

        make.Should().Throw<ArgumentException>().WithMessage("PairNetwork takes or returns something else*AdaQatTrainer<TBatch>*");
    }

    [Fact]
    public void An_optimizer_of_another_model_is_refused()
    {
        using var run = new TrainerRun();
        using var other = new TrainerRun();

        var make = () => new AdaQatTrainer(run.Widths!, other.Weights, TrainerRun.CrossEntropy);

        make.Should().Throw<ArgumentException>().WithMessage("The optimizer moves a parameter of shape [*] that is not the model's*");
    }

    [Fact]
    public void A_model_of_which_a_part_is_attached_is_not_trained_as_that_part()
    {
        using var run = new TrainerRun();
        using var head = nn.Linear(3, 2);
        using var both = optim.SGD(run.Quantized!.Parameters().Concat(head.parameters()), 0.1);

        var make = () => new AdaQatTrainer(run.Quantized, both, TrainerRun.CrossEntropy);

        make.Should().Throw<ArgumentException>().WithMessage("*shape [2, 3]*only a part of the one that is trained*");
    }

    [Fact]
    public void What_a_step_function_does_itself_is_refused_as_an_option()
    {
        using var run = new TrainerRun();
        using var teacher = Networks.Convolutional();
        AdaQatTrainer<Batch> Make(TrainerOptions options) => new(run.Widths!, run.Weights, _ => throw new NotSupportedException(), options);

        FluentActions.Invoking(() => Make(new() { Distillation = new Distillation(teacher) })).Should().Throw<ArgumentException>()
            .WithMessage("Distillation is set, but the loss comes from a step function*");
        FluentActions.Invoking(() => Make(new() { CountCorrect = (_, _) => 0 })).Should().Throw<ArgumentException>()
            .WithMessage("CountCorrect is set, but the result comes from a step function*");
    }
}
