using AdaQat.Search;
using AdaQat.Search.Spaces;
using AdaQat.Tests.Support;
using FluentAssertions;
using Xunit;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

public sealed class SearchSpaceTests
{
    [Fact]
    public void Names_whose_outputs_are_added_are_one_group_and_depthwise_convolutions_follow_their_input()
    {
        var space = Space(channels => new ExpandableNetwork(channels));

        space.Groups.Select(group => string.Join('+', group.Keys)).Should().Equal("stem.0+project.0", "expand.0", "plain", "hidden");
        space.Kept.Should().BeEmpty();
        space.Mixing.Should().BeEquivalentTo("plain", "hidden");
    }

    [Fact]
    public void Multiplications_and_parameters_at_the_default_are_those_of_the_network()
    {
        using var model = new ExpandableNetwork(ChannelPlan.Default);
        var space = Space(channels => new ExpandableNetwork(channels));
        var defaults = space.Groups.Select(group => group.Default).ToList();

        space.Costs.Parameters.Sum(term => term.At(defaults)).Should().Be(model.parameters().Sum(p => p.numel()));
        space.Costs.Macs.Sum(term => term.At(defaults)).Should().Be(
            (64 * ((3 * 8 * 9) + (8 * 12) + (12 * 9) + (12 * 8))) + (16 * 8 * 6 * 9) + (96 * 10) + (10 * 10));
    }

    private static SearchSpace Space(Func<ChannelPlan, nn.Module<Tensor, Tensor>> build)
    {
        using var example = randn(2, 3, 8, 8);
        return SearchSpace.Of(new NetworkBuilder(build), example);
    }
}
