namespace AdaQat.Tests.Architecture;

/// <summary>The checker's reading of the page.</summary>
public sealed class RoomTableTests
{
    private const string Page = """
        # Title
        ### Rooms of `src/Other`
        | room | | depends on |
        |---|---|---|
        | `Foreign` | of another project | |

        ### Rooms of `src/House`
        Lowest first.

        | room | | depends on |
        |---|---|---|
        | `Cellar` | what `Attic` stands on | |
        | `Attic` | the view | Cellar, Stairs |

        ## Next
        | `Garden` | no room | Attic |
        """;

    [Fact]
    public void A_table_has_its_rooms_in_order_and_those_that_each_depends_on()
    {
        RoomTable.Read(Page, "src/House").Select(row => $"{row.Room}: {string.Join(" + ", row.DependsOn)}")
            .Should().Equal("Cellar: ", "Attic: Cellar + Stairs");
    }

    [Fact]
    public void A_project_without_a_table_has_no_rooms()
    {
        RoomTable.Read(Page, "src/Hut").Should().BeEmpty();
    }
}
