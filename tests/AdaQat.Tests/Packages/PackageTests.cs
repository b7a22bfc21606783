using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

namespace AdaQat.Tests.Packages;

/// <summary>The packages as a user gets them: restored from a feed into a project outside the repository.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] Names =
        ["AdaQat", "AdaQat.Core", "AdaQat.Export", "AdaQat.Graph", "AdaQat.Quantizers", "AdaQat.Reports", "AdaQat.Runtime",
            "AdaQat.Search", "AdaQat.Terminal"];

    private readonly UsersProject _user = new();

    [Fact]
    public void The_quick_start_of_the_README_and_a_family_of_ones_own_run_from_the_packages()
    {
        _user.Pack();
        var nuspecs = Names.ToDictionary(name => name, Nuspec);
        var version = Value(nuspecs["AdaQat"], "version");
        var torchVersion = nuspecs.Values.SelectMany(TorchSharp).Distinct().Single();
        torchVersion.Should().Be("0.107.0");
        foreach (var library in new[] { "AdaQat.Core", "AdaQat.Quantizers" })
        {
            TorchSharp(nuspecs[library]).Should().ContainSingle("{0} needs TorchSharp itself", library);
        }

        Dependencies(nuspecs["AdaQat.Graph"]).Should().BeEmpty("AdaQat.Graph needs nothing besides the framework");

        _user.Write(
            version, torchVersion,
            QuickStartProgram.From(Text("README.md")), QuickStartProgram.FirstBlockOf(Text("docs", "quantizers.md")));
        if (OlderLinux.IsHere())
        {
            _user.FollowOlderLinuxPage();
        }

        _user.Build();
        foreach (var name in Names)
        {
            SourceOf(name, version).Should().Be(_user.Feed, "{0} comes from the feed and from nowhere else", name);
        }

        var lines = _user.Execute().Split('\n');
        lines.Should().ContainMatch("conv2 *Conv2d*", "the summary lists the layers");
        lines.Should().ContainInOrder("resumed", "alive", "own family", "done");
    }

    public void Dispose() => _user.Dispose();

    private static string Text(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    private XElement Nuspec(string name)
    {
        var file = Directory.EnumerateFiles(_user.Feed, $"{name}.*.nupkg")
            .Single(path => char.IsAsciiDigit(Path.GetFileName(path)[name.Length + 1]));
        using var package = ZipFile.OpenRead(file);
        using var stream = package.GetEntry($"{name}.nuspec")!.Open();
        return XElement.Load(stream);
    }

    private static string Value(XElement nuspec, string name) =>
        nuspec.Descendants().Single(element => element.Name.LocalName == name).Value;

    private static IEnumerable<XElement> Dependencies(XElement nuspec) =>
        nuspec.Descendants().Where(element => element.Name.LocalName == "dependency");

    private static IEnumerable<string> TorchSharp(XElement nuspec) =>
        Dependencies(nuspec).Where(dependency => (string?)dependency.Attribute("id") == "TorchSharp")
            .Select(dependency => (string)dependency.Attribute("version")!);

    /// <summary>NuGet notes beside each package in the cache where it came from.</summary>
    private string? SourceOf(string name, string version)
    {
        var note = Path.Combine(_user.Cache, name.ToLowerInvariant(), version, ".nupkg.metadata");
        File.Exists(note).Should().BeTrue("{0} {1} was restored into the project's own cache", name, version);
        using var json = JsonDocument.Parse(File.ReadAllText(note));
        return json.RootElement.GetProperty("source").GetString();
    }
}
