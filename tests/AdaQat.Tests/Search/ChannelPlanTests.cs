using AdaQat.Search;

namespace AdaQat.Tests.Search;

public sealed class ChannelPlanTests
{
    private static readonly ChannelPlan Plan = new(
    [
        new("stem", 12, 16, ChannelOrigin.Searched, "preference 0.310 of 8 candidates"),
        new("body.\"a\"", 40, 32, ChannelOrigin.Expanded),
    ]);

    [Fact]
    public void A_builder_gets_the_planned_channels_and_else_its_own()
    {
        Plan["stem", 16].Should().Be(12);
        Plan["head", 10].Should().Be(10);
        ChannelPlan.Default["stem", 16].Should().Be(16);
        FluentActions.Invoking(() => Plan["stem", 0]).Should().Throw<ArgumentException>().WithMessage("*0 channels for 'stem'*");
    }

    [Fact]
    public void A_plan_that_is_written_and_read_is_the_same_with_where_each_layer_came_from()
    {
        var read = ChannelPlan.FromJson(Plan.ToJson());

        read.Layers.Should().Equal(Plan.Layers);
        Plan.ToJson().Should().Contain("\"origin\":\"expanded\"");
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("{}", "no plan of channels")]
    [InlineData("{\"format\":\"adaqat.channel-plan\",\"version\":2,\"layers\":[]}", "version 2")]
    [InlineData(
        "{\"format\":\"adaqat.channel-plan\",\"version\":1,\"layers\":[{\"layer\":\"a\",\"channels\":0,\"default\":1}]}", "0 channels")]
    [InlineData("{\"format\":\"adaqat.channel-plan\",\"version\":1,\"layers\":[{\"layer\":\"a\",\"channels\":1}]}", "cannot be read")]
    public void A_document_that_is_no_plan_is_refused_with_the_reason(string json, string reason)
    {
        FluentActions.Invoking(() => ChannelPlan.FromJson(json)).Should().Throw<FormatException>().WithMessage($"*{reason}*");
    }
}
