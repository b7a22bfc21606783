using System.Text.Json;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

/// <summary>Learning from a teacher.</summary>
public sealed class DistillationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly nn.Module<Tensor, Tensor> _teacher = Networks.Convolutional();

    public void Dispose()
    {
        _teacher.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Loss_and_gradient_are_PyTorchs()
    {
        var cases = JsonSerializer.Deserialize<Case[]>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "distillation.json")), JsonSerializerOptions.Web)!;
        cases.Should().HaveCount(5);
        foreach (var c in cases)
        {
            using var scope = NewDisposeScope();
            var student = Make.Tensor(c.Student, ScalarType.Float64, c.Shape).requires_grad_();
            var target = tensor(c.Target).reshape([c.Shape[0], .. c.Shape[2..]]);
            var distillation = new Distillation(_teacher, c.Temperature, c.Weight);

            var loss = distillation.Loss(
                nn.functional.cross_entropy(student, target), student, Make.Tensor(c.Teacher, ScalarType.Float64, c.Shape));
            loss.backward();

            loss.item<double>().Should().BeApproximately(c.Loss, 1e-12);
            Near.Numbers(student.grad!).Zip(c.Gradient).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-12);
        }
    }

    [Fact]
    public void A_student_that_equals_its_teacher_has_the_task_loss_alone()
    {
        using var scope = NewDisposeScope();
        var scores = rand(3, 4);

        var loss = new Distillation(_teacher, 4, 0.25).Loss(tensor(2f), scores, scores);

        loss.item<float>().Should().BeApproximately(1.5f, 1e-6f);
    }

    [Fact]
    public void The_teacher_is_asked_in_eval_mode_and_left_as_it_was()
    {
        using var scope = NewDisposeScope();
        var (input, _) = Networks.Images(4);
        var (state, random) = (Bits.OfState(_teacher), Bits.OfRandomState());

        var first = new Distillation(_teacher).Teach(input);
        var second = new Distillation(_teacher).Teach(input);

        first.requires_grad.Should().BeFalse();
        Bits.Of(first).Should().Equal(Bits.Of(second), "dropout is off");
        Bits.OfState(_teacher).ShouldEqual(state);
        Bits.OfRandomState().Should().Equal(random);
        _teacher.training.Should().BeTrue();
    }

    [Fact]
    public void A_trainer_asks_once_a_batch_however_many_probes_there_are()
    {
        var asked = 0;
        using var teacher = new Lambda(
            x =>
            {
                asked++;
                return _teacher.call(x);
            },
            ("inner", _teacher));
        using var run = new TrainerRun(new TrainerOptions { Distillation = new Distillation(teacher) });
        var probes = 0;
        run.Trainer.StepCompleted += (_, s) => probes += s.BitWidths!.Probes.Count;

        run.Trainer.Fit(new Batches(12, 4), new Batches(4, 4));

        asked.Should().Be(3);
        probes.Should().Be(6);
    }

    [Fact]
    public void A_step_and_its_probes_take_the_loss_with_the_teachers_share()
    {
        using var scope = NewDisposeScope();
        var weight = 0.75;
        using var run = new TrainerRun(
            new TrainerOptions { Distillation = new Distillation(_teacher, 2, weight) }, loss: (output, _) => (output * 0).sum() + 8);
        TrainingStep? step = null;
        run.Trainer.StepCompleted += (_, s) => step ??= s;
        using var data = new Batches(4, 4).Epoch(0, 0).First();
        var taught = new Distillation(_teacher).Teach(data.Input);

        run.Trainer.Fit(new Batches(4, 4));

        step!.Loss.Should().NotBe(8).And.BeGreaterThan(8 * (1 - weight));
        step.BitWidths!.Loss.Should().Be(step.Loss);
        step.BitWidths.Probes
            .Should().OnlyContain(p => p.NeighbourLoss > 8 * (1 - weight) && p.NeighbourLoss != step.Loss);
        taught.shape.Should().Equal(4, 10);
    }

    [Fact]
    public void A_run_resumed_with_another_temperature_is_refused_and_with_the_same_goes_on()
    {
        TrainerOptions Options(double temperature) =>
            new() { Epochs = 2, CheckpointPath = _folder.In("run.ckpt"), Distillation = new Distillation(_teacher, temperature) };
        using (var first = new TrainerRun(Options(4)))
        {
            first.FitUntil(1, new Batches(8, 4));
        }

        using var other = new TrainerRun(Options(5));
        using var same = new TrainerRun(Options(4));

        other.Invoking(o => o.Trainer.Resume(_folder.In("run.ckpt"))).Should().Throw<AdaQat.CheckpointException>()
            .WithMessage("*distillation*temperature 4*temperature 5*");
        same.Trainer.Resume(_folder.In("run.ckpt"));
        same.Trainer.Fit(new Batches(8, 4)).Completed.Should().BeTrue();
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var scope = NewDisposeScope();
        using var run = new TrainerRun();
        var distillation = new Distillation(_teacher);

        FluentActions.Invoking(() => new Distillation(_teacher, 0)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*temperature is 0*");
        FluentActions.Invoking(() => new Distillation(_teacher, 1, 1.5)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*weight is 1.5*");
        distillation.Invoking(d => d.Loss(tensor(1f), rand(2, 3), rand(2, 4))).Should().Throw<ArgumentException>()
            .WithMessage("*[2, 3]*[2, 4]*");
        distillation.Invoking(d => d.Loss(tensor(1f), rand(3), rand(3))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new AdaQatTrainer(
            run.Widths!, run.Weights, TrainerRun.CrossEntropy, new TrainerOptions { Distillation = new Distillation(run.Model) })).Should()
            .Throw<ArgumentException>().WithMessage("The teacher is the model to train*");
    }

    private sealed record Case(
        double Temperature, double Weight, long[] Shape, double[] Student, double[] Teacher, long[] Target, double Loss, double[] Gradient);
}
