using System.Globalization;
using System.Text.RegularExpressions;
using AdaQat.Search;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

public sealed class WidthMultiplierTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(1.7)]
    public void The_plan_costs_nearly_what_it_may_and_never_more(double share)
    {
        using var example = randn(1, 3, 8, 8);
        var target = share * PlanCost.Of(Build, example, ChannelPlan.Default).Macs;

        var plan = WidthMultiplier.Fit(Build, example, target);

        PlanCost.Of(Build, example, plan).Macs.Should().BeInRange(0.93 * target, target);
        plan.Layers.Should().OnlyContain(layer => layer.Origin == ChannelOrigin.Multiplied);
        foreach (var layer in plan.Layers.Where(layer => !layer.Note!.StartsWith("as '", StringComparison.Ordinal)))
        {
            // The factor stands there in three places.
            var said = Regex.Match(layer.Note!, @"^([\d.]+) times (\d+)(?: and (\d+) more, up to the limit)?$");
            var number = (int i) => said.Groups[i].Success ? double.Parse(said.Groups[i].Value, CultureInfo.InvariantCulture) : 0;
            layer.Channels.Should().BeOneOf([.. new[] { -0.0005, 0.0005 }
                .Select(off => (int)((number(1) + off) * number(2)) + (int)number(3))], layer.Note);
        }

        using var model = Build(plan);
        model.parameters().Sum(p => p.numel()).Should().Be((long)PlanCost.Of(Build, example, plan).Parameters);
        using var output = model.call(example);
        output.shape.Should().Equal(1, 10);
    }

    [Fact]
    public void A_searched_plan_is_brought_to_a_number_of_parameters_in_its_own_proportions()
    {
        using var example = randn(1, 3, 8, 8);
        var wide = new ChannelPlan([new("expand.0", 48, 12)]);

        var plan = WidthMultiplier.Fit(Build, example, targetMacs: null, targetParameters: 1500, basis: wide);

        PlanCost.Of(Build, example, plan).Parameters.Should().BeInRange(1400, 1500);
        plan["expand.0", 12].Should().BeGreaterThan(3 * plan["stem.0", 8]);
    }

    [Fact]
    public void A_limit_that_no_network_keeps_is_refused()
    {
        using var example = randn(1, 3, 8, 8);

        FluentActions.Invoking(() => WidthMultiplier.Fit(Build, example, targetMacs: 3)).Should().Throw<ArgumentException>()
            .WithMessage("*fewest channels*");
        FluentActions.Invoking(() => WidthMultiplier.Fit(Build, example, targetMacs: null)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => PlanCost.Of(Build, example, new ChannelPlan([new("stem.0", 4, 8)]))).Should()
            .Throw<ArgumentException>().WithMessage("*4 channels for 'stem.0' and 8 for 'project.0'*");
    }

    [Fact]
    public void A_network_of_rounded_sizes_is_refused_where_the_plans_own_network_has_others()
    {
        using var example = randn(1, 3, 8, 8);

        FluentActions.Invoking(() => PlanCost.Of(c => new RoundingNet(c), example, new ChannelPlan([new("wide", 40, 64)])))
            .Should().Throw<ArgumentException>().WithMessage("With wide 40 the builder gives 'narrow.weight' the sizes [24, 40, 1, 1], "
                + "where they are [20, 40, 1, 1] in proportion to the channels*");
        FluentActions.Invoking(() => WidthMultiplier.Fit(c => new RoundingNet(c), example, targetMacs: 100_000))
            .Should().Throw<ArgumentException>().WithMessage("*in proportion to the channels*");
        PlanCost.Of(c => new RoundingNet(c), example, new ChannelPlan([new("wide", 48, 64)])).Parameters.Should()
            .Be((3 * 48) + 48 + (48 * 24) + 24 + (24 * 10) + 10);
    }

    [Fact]
    public void A_plan_of_another_network_is_refused_by_the_first_name_that_differs()
    {
        using var example = randn(1, 3, 8, 8);
        void Refused(PlannedChannels layer, string message)
        {
            var plan = new ChannelPlan([layer]);
            FluentActions.Invoking(() => PlanCost.Of(Build, example, plan)).Should().Throw<ArgumentException>().WithMessage(message);
            FluentActions.Invoking(() => WidthMultiplier.Fit(Build, example, targetParameters: 1500, basis: plan))
                .Should().Throw<ArgumentException>().WithMessage(message);
        }

        Refused(new("trunk", 8, 8), "The plan has channels for 'trunk', which the builder does not ask for*stem.0, expand.0*");
        Refused(new("plain", 6, 999), "'plain' has 999 channels by default in the plan and 6 in the builder*");
    }

    private static nn.Module<Tensor, Tensor> Build(ChannelPlan channels) => new ExpandableNetwork(channels);
}
