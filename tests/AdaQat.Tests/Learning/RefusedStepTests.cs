using static AdaQat.Tests.Support.ScriptedRun;
using static TorchSharp.torch;

namespace AdaQat.Tests.Learning;

/// <summary>A step that cannot be made changes nothing and says why.</summary>
public sealed class RefusedStepTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_training_loss_that_is_no_number_is_refused_by_name(double value)
    {
        var loss = 1.0;
        using var run = new ScriptedRun((_, _) => loss);

        Refused(run, FormattableString.Invariant($"The training loss is {value} in step 4:*"), () => loss = value, () => loss = 1);
    }

    [Fact]
    public void A_probe_that_is_no_number_is_refused_by_width_and_bits()
    {
        var broken = false;
        using var run = new ScriptedRun(
            (_, a) => broken && a == 7 ? double.NaN : 1, Schedules.Exact with { LearningRate = 1e-6 });

        Refused(run, "The loss with 'activations' at 7 bits is NaN in step 4:*", () => broken = true, () => broken = false);
    }

    [Fact]
    public void A_refused_step_does_not_move_the_round_robin_on()
    {
        var broken = false;
        using var run = new ScriptedRun(
            (w, a) => broken && (w, a) != (8, 8) ? double.NaN : 1,
            Schedules.Exact with { LearningRate = 1e-6, MaximumProbesPerStep = 1 });

        Refused(run, "The loss with 'activations' at 7 bits is NaN in step 4:*", () => broken = true, () => broken = false);
        run.Points.TakeLast(2).Should().Equal([(8, 7), (8, 7)], "the activations were next and still are");
    }

    [Fact]
    public void A_cost_that_is_no_number_is_refused_too()
    {
        using var run = new ScriptedRun((_, _) => 1, Schedules.Exact with { Cost = new BrokenCost() });
        var before = run.Optimizer.Snapshot();

        run.Invoking(r => r.Step()).Should().Throw<NonFiniteLossException>().WithMessage("The gradient of 'weights' is NaN in step 1:*");

        run.Optimizer.Snapshot().Should().BeEquivalentTo(before);
    }

    [Fact]
    public void A_loss_of_several_numbers_is_refused_by_shape()
    {
        using var run = new ScriptedRun((_, _) => 1);
        using var loss = ones(4);

        var step = () => run.Step(loss, () => ones(4));

        step.Should().Throw<ArgumentException>().WithMessage("The loss has the shape [4]; one number is needed*");
        run.Optimizer.Steps.Should().Be(0);
    }

    [Fact]
    public void A_closure_that_throws_changes_no_width_and_the_error_arrives()
    {
        using var run = new ScriptedRun((_, _) => 1, null, Start(5.5, 6.5));
        var before = run.Optimizer.Snapshot();
        using var loss = tensor(1.0);

        var step = () => run.Step(loss, () => throw new InvalidOperationException("no data"));

        step.Should().Throw<InvalidOperationException>().WithMessage("no data");
        run.Optimizer.Snapshot().Should().BeEquivalentTo(before);
        (run.Weights.Bits, run.Activations.Bits).Should().Be((6, 7), "the probed width is taken back");
        is_grad_enabled().Should().BeTrue();
    }

    [Fact]
    public void A_detached_model_has_no_widths_to_learn()
    {
        using var run = new ScriptedRun((_, _) => 1);
        run.Quantized.Detach();

        run.Invoking(r => r.Step()).Should().Throw<InvalidOperationException>().WithMessage("The model is detached*");
    }

    [Fact]
    public void A_baked_model_has_no_widths_to_learn()
    {
        using var run = new ScriptedRun((_, _) => 1);
        run.Quantized.Bake();

        run.Invoking(r => r.Step()).Should().Throw<InvalidOperationException>().WithMessage("*baked in*");
    }

    /// <summary>Three steps, one that is refused, and then one that goes on from there.</summary>
    private static void Refused(ScriptedRun run, string message, Action thenBreak, Action thenRepair)
    {
        thenRepair();
        run.Steps(3);
        var before = run.Optimizer.Snapshot();
        thenBreak();

        run.Invoking(r => r.Step()).Should().Throw<NonFiniteLossException>().WithMessage(message);

        run.Optimizer.Snapshot().Should().BeEquivalentTo(before);
        (run.Weights.Bits, run.Activations.Bits)
            .Should().Be(((int)Math.Ceiling(run.Weights.Value), (int)Math.Ceiling(run.Activations.Value)));
        thenRepair();
        run.Step().Step.Should().Be(4);
    }

    private sealed class BrokenCost : IHardwareCost
    {
        public double Total(IReadOnlyList<LayerBits> layers) => 0;

        public double Loss(IReadOnlyList<LayerBits> layers) => 0;

        public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) => double.NaN;
    }
}
