using AdaQat.Tests.Architecture.Fixtures.Lower;
using AdaQat.Tests.Architecture.Fixtures.Upper;

namespace AdaQat.Tests.Architecture;

/// <summary>The checker's reading of an assembly: this one, in which two folders of made-up types need each other.</summary>
public sealed class AssemblyTypesTests
{
    private static readonly IReadOnlyList<RoomedType> Types =
        AssemblyTypes.Read(typeof(AssemblyTypesTests).Assembly.Location, "tests/AdaQat.Tests/Architecture/Fixtures");

    [Theory]
    [InlineData(typeof(ByBase))]
    [InlineData(typeof(IByInterface))]
    [InlineData(typeof(IByGenericArgument))]
    [InlineData(typeof(IByConstraint<>))]
    [InlineData(typeof(IByParameter))]
    [InlineData(typeof(IByReturn))]
    [InlineData(typeof(IByAttribute))]
    [InlineData(typeof(IByTypeInAttribute))]
    [InlineData(typeof(IByNested))]
    [InlineData(typeof(ByField))]
    [InlineData(typeof(ByCall))]
    [InlineData(typeof(ByNew))]
    [InlineData(typeof(ByTypeOf))]
    [InlineData(typeof(ByGenericCall))]
    [InlineData(typeof(ByCatch))]
    [InlineData(typeof(ByLocal))]
    [InlineData(typeof(ByLambda))]
    [InlineData(typeof(ByIterator))]
    public void A_need_is_seen_whichever_way_it_comes(Type type)
    {
        Find(type).Needs.Should().ContainSingle().Which.Should().StartWith(typeof(ITarget).Namespace);
    }

    [Fact]
    public void A_type_that_only_the_documentation_mentions_is_not_needed()
    {
        Find(typeof(IOnlyInDocumentation)).Needs.Should().BeEmpty();
    }

    [Theory]
    [InlineData(typeof(Target), "Lower")]
    [InlineData(typeof(ITarget), "Lower")]
    [InlineData(typeof(Kind), "Lower")]
    [InlineData(typeof(IByNested), "Upper")]
    [InlineData(typeof(AssemblyTypesTests), "")]
    public void The_room_is_the_folder_of_the_file(Type type, string room)
    {
        Find(type).Room.Should().Be(room);
    }

    [Fact]
    public void The_circle_of_the_two_folders_is_found()
    {
        var circle = new RoomGraph(Types).Circle();

        circle.Select(arrow => arrow.From).Should().Equal("Lower", "Upper");
        circle[0].Type.Should().Be(typeof(WrongArrow).FullName);
    }

    private static RoomedType Find(Type type) => Types.Single(read => read.Name == type.FullName);
}
