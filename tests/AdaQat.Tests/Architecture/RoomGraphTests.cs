namespace AdaQat.Tests.Architecture;

/// <summary>The checker's finding of wrong arrows, on made-up types.</summary>
public sealed class RoomGraphTests
{
    private static readonly RoomedType[] House =
    [
        new("Stone", "Cellar", []),
        new("Pipe", "Kitchen", ["Stone"]),
        new("Tap", "Kitchen", ["Pipe"]),
        new("Window", "Attic", ["Pipe", "Stone"]),
    ];

    [Fact]
    public void Rooms_that_stand_on_each_other_have_no_circle()
    {
        new RoomGraph(House).Circle().Should().BeEmpty();
    }

    [Fact]
    public void Two_rooms_that_need_each_other_are_a_circle_with_the_types_that_make_it()
    {
        var graph = new RoomGraph([.. House, new("Drain", "Cellar", ["Tap"])]);

        graph.Circle().Select(arrow => arrow.ToString()).Should().Equal("Cellar → Kitchen: Drain → Tap", "Kitchen → Cellar: Pipe → Stone");
    }

    [Fact]
    public void A_circle_over_three_rooms_is_found()
    {
        var graph = new RoomGraph([new("A", "One", ["B"]), new("B", "Two", ["C"]), new("C", "Three", ["A"]), new("D", "Four", ["A"])]);

        graph.Circle().Select(arrow => arrow.From).Should().Equal("One", "Two", "Three");
    }

    [Fact]
    public void The_shortest_of_several_circles_is_named()
    {
        var graph = new RoomGraph(
            [new("A", "One", ["B"]), new("B", "Two", ["C"]), new("C", "Three", ["A", "D"]), new("D", "Four", ["C"])]);

        graph.Circle().Select(arrow => arrow.From).Should().BeEquivalentTo("Three", "Four");
    }

    [Fact]
    public void An_arrow_to_a_later_room_is_against_the_order()
    {
        var graph = new RoomGraph(House);

        graph.Against(["Cellar", "Attic", "Kitchen"]).Select(arrow => arrow.ToString()).Should().Equal("Attic → Kitchen: Window → Pipe");
        graph.Against(["Cellar", "Kitchen", "Attic"]).Should().BeEmpty();
    }

    [Fact]
    public void Types_of_one_room_may_need_each_other()
    {
        new RoomGraph([new("A", "One", ["B"]), new("B", "One", ["A"])]).Arrows.Should().BeEmpty();
    }

    [Fact]
    public void Rooms_below_are_all_that_a_room_needs_itself()
    {
        new RoomGraph(House).Below("Attic").Should().Equal("Cellar", "Kitchen");
    }
}
