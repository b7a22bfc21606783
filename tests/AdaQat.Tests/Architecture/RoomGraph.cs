namespace AdaQat.Tests.Architecture;

/// <summary>Which rooms depend on which, by the types in them.</summary>
internal sealed class RoomGraph
{
    private readonly ILookup<string, Arrow> _arrows;

    public RoomGraph(IReadOnlyList<RoomedType> types)
    {
        var roomOf = types.ToDictionary(type => type.Name, type => type.Room, StringComparer.Ordinal);
        Rooms = types.Select(type => type.Room).Distinct().Order(StringComparer.Ordinal).ToList();
        Arrows =
        [
            .. types
                .SelectMany(type => type.Needs.Select(needed => new Arrow(type.Room, roomOf[needed], type.Name, needed)))
                .Where(arrow => arrow.From != arrow.To)
                .OrderBy(arrow => (arrow.Type, arrow.Needed))
                .DistinctBy(arrow => (arrow.From, arrow.To))
                .OrderBy(arrow => (arrow.From, arrow.To)),
        ];
        _arrows = Arrows.ToLookup(arrow => arrow.From, StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Rooms { get; }

    /// <summary>One for each pair of rooms.</summary>
    public IReadOnlyList<Arrow> Arrows { get; }

    /// <summary>The rooms whose types a room needs itself.</summary>
    public IReadOnlyList<string> Below(string room) => [.. _arrows[room].Select(arrow => arrow.To)];

    /// <summary>The shortest way from a room back to itself; empty where there is none.</summary>
    public IReadOnlyList<Arrow> Circle() =>
        Rooms.Select(ShortestCircle).Where(circle => circle.Count > 0).MinBy(circle => circle.Count) ?? [];

    /// <summary>The arrows that don't lead to an earlier room.</summary>
    /// <param name="order">The lowest room first.</param>
    public IReadOnlyList<Arrow> Against(IReadOnlyList<string> order)
    {
        var place = order.Index().ToDictionary(room => room.Item, room => room.Index, StringComparer.Ordinal);
        return [.. Arrows.Where(arrow => PlaceOf(arrow.To) >= PlaceOf(arrow.From))];

        int PlaceOf(string room) => place.GetValueOrDefault(room, int.MaxValue);
    }

    private List<Arrow> ShortestCircle(string start)
    {
        // Breadth first: the first arrow that comes back ends the shortest way.
        var cameBy = new Dictionary<string, Arrow>(StringComparer.Ordinal);
        var next = new Queue<string>([start]);
        while (next.TryDequeue(out var room))
        {
            foreach (var arrow in _arrows[room].Where(arrow => cameBy.TryAdd(arrow.To, arrow)))
            {
                if (arrow.To == start)
                {
                    return WayTo(start, cameBy);
                }

                next.Enqueue(arrow.To);
            }
        }

        return [];
    }

    private static List<Arrow> WayTo(string start, Dictionary<string, Arrow> cameBy)
    {
        var way = new List<Arrow> { cameBy[start] };
        while (way[0].From != start)
        {
            way.Insert(0, cameBy[way[0].From]);
        }

        return way;
    }
}
