using System.Reflection;
using System.Text.RegularExpressions;
using AdaQat.Quantizers;
using AdaQat.Tests.Support;

namespace AdaQat.Tests.Architecture;

/// <summary>What CONTRIBUTING.md leads its readers to is there.</summary>
public sealed partial class WalksTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"));

    private static readonly ILookup<string, Type> Types =
        new[] { typeof(AdaQat.Graph.ModelGraph), typeof(QuantizedModel), typeof(AdaQat.Quantizers.QuantizationOptions) }
            .SelectMany(member => member.Assembly.GetTypes()).ToLookup(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void Every_type_and_member_on_the_walks_is_in_the_libraries()
    {
        var stops = Page.Split('\n').Where(line => Item().IsMatch(line)).SelectMany(line => Stop().Matches(line)).ToList();

        stops.Should().HaveCountGreaterThan(30);
        stops.Where(stop => !Exists(stop.Groups["type"].Value, stop.Groups["member"].Value)).Select(stop => stop.Value).Should().BeEmpty();
    }

    [Fact]
    public void Every_linked_file_is_in_the_repository()
    {
        Link().Matches(Page).Select(link => link.Groups["path"].Value).Should().NotBeEmpty()
            .And.OnlyContain(path => File.Exists(Path.Combine(Repository.Root, path)));
    }

    private static bool Exists(string type, string member) => Types[type].Any(found => member.Length == 0
        || found.GetMember(member, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance).Length > 0);

    [GeneratedRegex(@"^\d+\. \*\*`")]
    private static partial Regex Item();

    [GeneratedRegex(@"\*\*`(?<type>\w+)(\.(?<member>\w+))?`\*\*")]
    private static partial Regex Stop();

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
