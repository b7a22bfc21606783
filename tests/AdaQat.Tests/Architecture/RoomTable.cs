using System.Text.RegularExpressions;

namespace AdaQat.Tests.Architecture;

/// <summary>A table of rooms in a page, under a heading with the project's folder; the lowest room comes first.</summary>
internal static partial class RoomTable
{
    /// <param name="page">The text.</param>
    /// <param name="project">As in the heading, for example "src/AdaQat.Core".</param>
    public static IReadOnlyList<(string Room, IReadOnlyList<string> DependsOn)> Read(string page, string project) =>
    [
        .. page.Split('\n')
            .SkipWhile(line => !(line.StartsWith('#') && line.EndsWith($" `{project}`", StringComparison.Ordinal))).Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => (row.Groups["room"].Value, Rooms(row.Groups["below"].Value))),
    ];

    private static string[] Rooms(string list) => list.Split(", ", StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^\| `(?<room>[^`]+)` \|.*\| *(?<below>[^|]*?) *\|$")]
    private static partial Regex Row();
}
