using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Calibration;

/// <summary>Running means and variances measured anew.</summary>
public sealed class BatchNormStatisticsTests
{
    [Fact]
    public void They_become_the_average_of_the_batches_means_and_unbiased_variances()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(3, momentum: 0.3);
        norm.running_mean!.fill_(double.NaN);
        var batches = new[] { Networks.Images(4, 1).Input, Networks.Images(6, 2).Input * 2, Networks.Images(4, 3).Input + 1 };

        BatchNormStatistics.Reestimate(norm, batches);

        // Each batch weighs the same; the variance is that of a sample: divided by n − 1.
        var mean = stack(batches.Select(b => b.mean([0, 2, 3]))).mean([0]);
        var variance = stack(batches.Select(b => b.var([0, 2, 3], unbiased: true))).mean([0]);
        Near.Numbers(norm.running_mean! - mean).Should().OnlyContain(d => Math.Abs(d) < 1e-6);
        Near.Numbers(norm.running_var! - variance).Should().OnlyContain(d => Math.Abs(d) < 1e-5);
        norm.num_batches_tracked!.item<long>().Should().Be(3);
        norm.momentum.Should().Be(0.3);
    }

    [Fact]
    public void In_a_quantized_network_nothing_else_changes()
    {
        manual_seed(5);
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(6);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        quantized.Calibrate([input]);
        model.named_children().Single(c => c.name == "bn1").module.eval();
        var (state, random) = (Bits.OfState(model), Bits.OfRandomState());

        LiveTensors.LeftBy(() => BatchNormStatistics.Reestimate(model, new Batches(12, 4), 3)).Should().Be(0);

        var now = Bits.OfState(model);
        now.Where(e => !e.Value.SequenceEqual(state[e.Key])).Select(e => e.Key).Should().BeEquivalentTo(
            "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked", "bn2.running_mean", "bn2.running_var",
            "bn2.num_batches_tracked");
        Bits.OfRandomState().Should().Equal(random);
        model.training.Should().BeTrue();
        model.named_modules().Where(m => !m.module.training).Select(m => m.name).Should().Equal("bn1");
    }

    [Fact]
    public void A_layer_that_no_batch_reaches_keeps_its_own()
    {
        using var scope = NewDisposeScope();
        var (used, idle) = (nn.BatchNorm1d(4), nn.BatchNorm1d(4));
        using var model = new Lambda(x => used.call(x), ("used", used), ("idle", idle));
        idle.running_mean!.fill_(7);

        BatchNormStatistics.Reestimate(model, [Networks.Rows(5).Input]);

        Near.Numbers(idle.running_mean!).Should().OnlyContain(v => v == 7);
        Near.Numbers(idle.running_var!).Should().OnlyContain(v => v == 1);
        used.num_batches_tracked!.item<long>().Should().Be(1);
    }

    [Fact]
    public void Where_a_forward_throws_all_is_as_before()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        model.eval();
        var state = Bits.OfState(model);
        var (input, _) = Networks.Images(4);

        var reestimate = () => BatchNormStatistics.Reestimate(model, [input, zeros(2, 5)]);

        reestimate.Should().Throw<Exception>();
        Bits.OfState(model).ShouldEqual(state);
        model.children().Should().OnlyContain(layer => !layer.training);
        ((BatchNorm2d)((Sequential)model)[1]).momentum.Should().Be(0.1);
        model.call(input).Dispose();
        Bits.OfState(model).ShouldEqual(state);
    }

    [Fact]
    public void A_model_without_statistics_and_no_batches_are_refused()
    {
        using var linear = Networks.Linear();
        using var without = nn.BatchNorm1d(4, track_running_stats: false);
        using var norm = nn.BatchNorm1d(4);
        using var input = ones(2, 4);

        FluentActions.Invoking(() => BatchNormStatistics.Reestimate(linear, [input])).Should().Throw<ArgumentException>()
            .WithMessage("*nothing to re-estimate*");
        FluentActions.Invoking(() => BatchNormStatistics.Reestimate(without, [input])).Should().Throw<ArgumentException>()
            .WithMessage("*nothing to re-estimate*");
        FluentActions.Invoking(() => BatchNormStatistics.Reestimate(norm, Array.Empty<Tensor>())).Should().Throw<ArgumentException>()
            .WithMessage("*at least one is needed*");
        Near.Numbers(norm.running_var!).Should().OnlyContain(v => v == 1);
    }
}
