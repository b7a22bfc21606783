using AdaQat.Search;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

public sealed class RandomWidthsTests
{
    [Fact]
    public void Plans_cost_nearly_what_they_may_and_differ_by_seed()
    {
        using var example = zeros(1, 3, 8, 8);
        var target = 3 * PlanCost.Of(Build, example, ChannelPlan.Default).Macs;

        var plans = Enumerable.Range(1, 5).Select(seed => RandomWidths.Fit(Build, example, seed, target)).ToList();

        plans.Should().OnlyContain(plan => PlanCost.Of(Build, example, plan).Macs >= 0.93 * target
            && PlanCost.Of(Build, example, plan).Macs <= target);
        plans.Select(plan => plan.ToString()).Should().OnlyHaveUniqueItems();
        plans.SelectMany(plan => plan.Layers).Should().OnlyContain(
            layer => layer.Origin == ChannelOrigin.Drawn || layer.Origin == ChannelOrigin.Kept);
    }

    [Fact]
    public void The_same_seed_gives_the_same_plan_whatever_torch_draws()
    {
        using var example = zeros(1, 3, 8, 8);
        manual_seed(1);
        var plan = RandomWidths.Fit(Build, example, seed: 4, targetParameters: 4000);
        manual_seed(2);

        RandomWidths.Fit(Build, example, seed: 4, targetParameters: 4000).ToJson().Should().Be(plan.ToJson());
        ChannelPlan.FromJson(plan.ToJson()).Layers.Should().Equal(plan.Layers);
        PlanCost.Of(Build, example, plan).Parameters.Should().BeInRange(3700, 4000);
    }

    [Fact]
    public void Logarithms_of_the_channels_spread_as_asked()
    {
        using var example = zeros(1, 3, 8, 8);

        // Wide layers, so that whole numbers tell little: the difference of two logarithms has the variance 2σ².
        double Spread(double sigma) => Math.Sqrt(Enumerable.Range(0, 40).Average(seed =>
        {
            var plan = RandomWidths.Fit(Build, example, seed, targetMacs: 4e7, spread: sigma);
            var logs = plan.Layers.Where(l => l.Origin == ChannelOrigin.Drawn)
                .GroupBy(l => l.Channels / (double)l.Default).Select(g => Math.Log(g.Key)).Take(2).ToList();
            return (logs[0] - logs[1]) * (logs[0] - logs[1]) / 2;
        }));

        Spread(0.1).Should().BeInRange(0.06, 0.14);
        Spread(0.5).Should().BeInRange(0.3, 0.7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2.5)]
    [InlineData(double.NaN)]
    public void A_spread_out_of_range_is_refused(double spread)
    {
        using var example = zeros(1, 3, 8, 8);

        FluentActions.Invoking(() => RandomWidths.Fit(Build, example, 1, targetMacs: 1e5, spread: spread)).Should()
            .Throw<ArgumentException>().WithMessage("spread is*allowed are numbers above 0, up to 2*");
        FluentActions.Invoking(() => RandomWidths.Fit(Build, example, 1)).Should().Throw<ArgumentException>().WithMessage("*no limit*");
    }

    private static nn.Module<Tensor, Tensor> Build(ChannelPlan channels) => new ExpandableNetwork(channels);
}
