using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Probing;

/// <summary>Which steps probe which widths, and how far those then move.</summary>
public sealed class RoundRobinTests
{
    [Fact]
    public void With_an_interval_only_every_kth_step_probes()
    {
        using var run = new ScriptedRun((_, _) => 1, Schedules.Exact with { ProbeInterval = 4 });

        for (var step = 1; step <= 12; step++)
        {
            run.Optimizer.NextStepProbes.Should().Be(step % 4 == 0);
            run.Step().Probes.Should().HaveCount(step % 4 == 0 ? 2 : 0);
        }

        run.Points.Should().HaveCount(6);
        run.Optimizer.Steps.Should().Be(12);
    }

    [Fact]
    public void With_an_interval_of_k_a_probe_moves_k_times_as_far()
    {
        var options = Schedules.Exact with { ProbeInterval = 4, Lambda = 0.15, LearningRate = 0.01 };
        using var run = new ScriptedRun((w, a) => 0.5 * (w + a), options);

        run.Steps(4);

        run.Weights.Value.Should().BeApproximately(8 - (4 * 0.01 * (0.5 + (0.15 * 8))), 1e-12);
    }

    [Theory]
    [InlineData(1.0, 7.0)]
    [InlineData(-1.0, 8.0)]
    public void What_one_probe_does_for_many_steps_ends_after_one_bit(double slope, double end)
    {
        var options = Schedules.Exact with { ProbeInterval = 100, Lambda = 0, LearningRate = 0.25 };
        using var run = new ScriptedRun((w, _) => slope * w, options, ScriptedRun.Start(slope > 0 ? 8 : 7, 8));

        run.Steps(100);

        run.Weights.Value.Should().Be(end);
    }

    [Fact]
    public void By_default_every_tenth_step_probes_and_measures_a_pair_of_widths_whole()
    {
        using var run = new ScriptedRun((_, _) => 1, Schedules.Economical);

        run.Steps(9).Should().OnlyContain(s => s.Probes.Count == 0);
        run.Step().Probes.Should().HaveCount(2).And.OnlyContain(p => p.IsMeasured && p.Estimate == null);

        run.Points.Should().HaveCount(2);
    }

    [Fact]
    public void The_exact_schedule_measures_every_width_in_every_step()
    {
        using var model = Layers(7);
        using var example = ones(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, PerLayer);
        var optimizer = new BitWidthOptimizer(quantized, Schedules.Exact with { LearningRate = 1e-6 });
        using var loss = tensor(1.0);

        for (var i = 0; i < 3; i++)
        {
            optimizer.PretendStep(loss, () => tensor(1.0)).Probes.Should().HaveCount(10).And.OnlyContain(p => p.IsMeasured);
        }
    }

    [Fact]
    public void Where_a_step_may_probe_fewer_widths_than_there_are_they_are_probed_round_robin()
    {
        using var run = new ScriptedRun(
            (_, _) => 1, Schedules.Exact with { MaximumProbesPerStep = 1, LearningRate = 1e-6 });

        run.Steps(4);

        run.Points.Should().Equal((7, 8), (8, 7), (7, 8), (8, 7));
    }

    [Fact]
    public void A_width_probed_every_second_step_moves_twice_as_far()
    {
        using var run = new ScriptedRun(
            (w, a) => 0.5 * (w + a),
            Schedules.Exact with { MaximumProbesPerStep = 1, Lambda = 0.15, LearningRate = 0.01 });

        run.Step();

        run.Weights.Value.Should().BeApproximately(8 - (2 * 0.01 * (0.5 + (0.15 * 8))), 1e-12);
        run.Activations.Value.Should().Be(8);
    }

    [Fact]
    public void Where_four_of_ten_have_their_turn_each_moves_two_and_a_half_times_as_far()
    {
        using var model = Layers(7);
        using var example = ones(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, PerLayer);
        var optimizer = new BitWidthOptimizer(
            quantized, Schedules.Exact with { MaximumProbesPerStep = 4, Lambda = 0.15, LearningRate = 1e-3 });
        using var loss = tensor(1.0);

        var step = optimizer.PretendStep(loss, () => tensor(1.0));

        // Five equal layers share the cost of 8·λ each way; five layers over one give the factor 5 back.
        step.Probes.Should().HaveCount(4).And.OnlyContain(p => Math.Abs(p.Width.Value - (8 - (2.5 * 1e-3 * 0.15 * 8))) < 1e-12);
    }

    [Fact]
    public void Round_robin_is_fair_over_widths_of_which_some_freeze()
    {
        using var model = Layers(7);
        using var example = ones(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, PerLayer);
        quantized.Widths.Should().HaveCount(10);
        var optimizer = new BitWidthOptimizer(
            quantized, Schedules.Exact with { MaximumProbesPerStep = 3, LearningRate = 1e-6 });
        quantized.Widths[2].Freeze();
        quantized.Widths[3].Freeze();
        quantized.Widths[9].Freeze();
        using var loss = tensor(1.0);

        var probed = Enumerable.Range(0, 70)
            .SelectMany(_ => optimizer.PretendStep(loss, () => tensor(1.0)).Probes).Select(p => p.Width).ToList();

        probed.Should().HaveCount(210);
        quantized.Widths.Where(w => !w.IsFrozen).Should().OnlyContain(w => probed.Count(p => ReferenceEquals(p, w)) == 30);
    }

    [Fact]
    public void A_round_robin_step_never_probes_a_width_twice()
    {
        using var model = Layers(4);
        using var example = ones(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, PerLayer);
        var optimizer = new BitWidthOptimizer(
            quantized, Schedules.Exact with { MaximumProbesPerStep = 3, LearningRate = 1e-6 });
        using var loss = tensor(1.0);

        for (var i = 0; i < 10; i++)
        {
            optimizer.PretendStep(loss, () => tensor(1.0)).Probes.Select(p => p.Width).Should().OnlyHaveUniqueItems().And.HaveCount(3);
        }
    }

    [Fact]
    public void A_layers_own_width_moves_as_a_width_of_the_whole_network_would()
    {
        using var model = Layers(4);
        using var example = ones(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, PerLayer);
        var optimizer = new BitWidthOptimizer(
            quantized, Schedules.Exact with { MaximumProbesPerStep = 4, Lambda = 0.15, LearningRate = 0.01 });
        using var loss = tensor(1.0);

        var step = optimizer.PretendStep(loss, () => tensor(1.0));

        // Two equal layers share the cost, so each has half of the gradient 8·λ; two layers over one give the factor 2 back.
        step.Probes.Should().OnlyContain(p => p.Gradient == 0.15 * 4);
        quantized.Widths.Should().OnlyContain(w => Math.Abs(w.Value - (8 - (0.01 * 0.15 * 8))) < 1e-12);
    }

    private static QuantizationOptions PerLayer { get; } = new()
    {
        WeightSharing = WidthSharing.Layer,
        ActivationSharing = WidthSharing.Layer,
    };

    private static nn.Module<Tensor, Tensor> Layers(int count) =>
        nn.Sequential(Enumerable.Range(0, count).Select(i => ($"fc{i}", (nn.Module<Tensor, Tensor>)nn.Linear(4, 4))));
}
