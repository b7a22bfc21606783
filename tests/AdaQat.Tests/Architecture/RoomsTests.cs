using AdaQat.Tests.Support;

namespace AdaQat.Tests.Architecture;

/// <summary>
/// A folder is a room, and its types depend on rooms below it only. The order is written down once, in the tables that CONTRIBUTING.md
/// shows to whoever reads the code, so that page and code can't part.
/// </summary>
public sealed class RoomsTests
{
    private static readonly string[] Projects =
        ["src/AdaQat.Graph", "src/AdaQat.Core", "src/AdaQat.Quantizers", "src/AdaQat.Terminal", "src/AdaQat.Reports",
            "src/AdaQat.Runtime", "src/AdaQat.Export", "src/AdaQat.Search"];

    public static TheoryData<string> Libraries() => [.. Projects];

    [Fact]
    public void Every_library_has_its_rooms_checked()
    {
        Directory.GetDirectories(Path.Combine(Repository.Root, "src"))
            .Where(folder => File.Exists(Path.Combine(AppContext.BaseDirectory, $"{Path.GetFileName(folder)}.dll")))
            .Select(folder => $"src/{Path.GetFileName(folder)}")
            .Should().BeEquivalentTo(Projects);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Rooms_depend_on_each_other_without_a_circle(string project)
    {
        var circle = Graph(project).Circle();

        if (circle.Count > 0)
        {
            var way = string.Join(" → ", circle.Select(arrow => arrow.From).Append(circle[0].From));
            Assert.Fail($"{project} has a circle: {way}\n{Lines(circle)}");
        }
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_room_depends_only_on_rooms_before_it_in_the_table(string project)
    {
        var against = Graph(project).Against(Order(project));

        if (against.Count > 0)
        {
            Assert.Fail($"The table of {project} in CONTRIBUTING.md, lowest room first, doesn't allow:\n{Lines(against)}");
        }
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_table_has_every_room_once(string project)
    {
        Order(project).Order(StringComparer.Ordinal).Should().Equal(Graph(project).Rooms);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_table_says_which_rooms_each_depends_on(string project)
    {
        var (graph, order) = (Graph(project), Order(project));

        Table(project)
            .Select(row => (row.Room, Said: List(row.DependsOn), Made: List(graph.Below(row.Room).OrderBy(order.IndexOf))))
            .Where(row => row.Said != row.Made).Select(row => $"{row.Room}: {row.Made}")
            .Should().BeEmpty("that is what was compiled, and CONTRIBUTING.md says otherwise");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Every_type_is_in_a_room(string project)
    {
        Types(project).Where(type => type.Room.Length == 0).Select(type => type.Name).Should().BeEmpty();
    }

    private static IReadOnlyList<RoomedType> Types(string project) =>
        AssemblyTypes.Read(Path.Combine(AppContext.BaseDirectory, $"{Path.GetFileName(project)}.dll"), project);

    private static RoomGraph Graph(string project) => new(Types(project));

    private static IReadOnlyList<(string Room, IReadOnlyList<string> DependsOn)> Table(string project) =>
        RoomTable.Read(File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md")), project);

    private static List<string> Order(string project) => [.. Table(project).Select(row => row.Room)];

    private static string List(IEnumerable<string> rooms) => string.Join(", ", rooms);

    private static string Lines(IEnumerable<Arrow> arrows) => string.Join('\n', arrows.Select(arrow => $"    {arrow}"));
}
