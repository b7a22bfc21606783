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

    [Theory]
    [InlineData("\"serched\"")]
    [InlineData("3")]
    public void A_misspelt_origin_is_refused_by_file_layer_and_value_with_what_is_allowed(string origin)
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("plan.json");
        Plan.Save(path);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"expanded\"", origin, StringComparison.Ordinal));
        var layer = Plan.Layers.Index().Single(l => l.Item.Origin == ChannelOrigin.Expanded);

        FluentActions.Invoking(() => ChannelPlan.Load(path)).Should().Throw<FormatException>().WithMessage(
            $"'{path}': The origin of layer {layer.Index + 1} of the plan, '{layer.Item.Layer}', is {origin}; allowed are given, kept, "
            + "multiplied, searched, expanded, drawn.");
    }

    [Theory]
    [InlineData("{\"layer\":\"stem\",\"channels\":\"many\",\"default\":1}", "layer 1 of the plan, 'stem', is*many*")]
    [InlineData("{\"layer\":\"stem\",\"channels\":1,\"default\":1,\"orgin\":\"kept\"}", "layer 1 of the plan, 'stem', is*orgin*")]
    [InlineData("null", "There is no layer 1 of the plan: it is null.")]
    public void A_layer_that_is_none_is_refused_by_name_and_place(string layer, string reason)
    {
        var json = $"{{\"format\":\"adaqat.channel-plan\",\"version\":1,\"layers\":[{layer}]}}";

        FluentActions.Invoking(() => ChannelPlan.FromJson(json)).Should().Throw<FormatException>().WithMessage($"*{reason}*");
    }
}
