using System.Globalization;
using AdaQat.Benchmarks.Integers;
using Xunit.Abstractions;

namespace AdaQat.Tests.Packages;

/// <summary>A program of a user's, compiled ahead of time, with nothing of .NET beside it.</summary>
public sealed class AheadOfTimeTests(ITestOutputHelper output) : IDisposable
{
    private readonly AheadOfTimeProject _user = new();

    [NativeLinkerFact]
    public void The_program_of_the_page_on_integer_models_is_one_small_file_that_classifies_an_image_as_the_library_does()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "integer-model.md"));
        _user.Pack();
        _user.Write(QuickStartProgram.FirstBlockOf(page[page.IndexOf("## Ahead of time", StringComparison.Ordinal)..]));
        _user.Publish();

        var model = IntegerResNet20.Make(weightBits: 4, activationBits: 4, stream: false);
        model.Save(_user.File("net.adaq"));
        var pixels = new byte[32 * 32 * 3];
        new Random(7).NextBytes(pixels);
        File.WriteAllBytes(_user.File("image.ppm"), [.. "P6 32 32 255\n"u8, .. pixels]);
        var scores = new float[10];
        model.Run([.. Enumerable.Range(0, pixels.Length).Select(i => pixels[(i % 1024 * 3) + (i / 1024)])], scores);

        // Its own path is not dotnet's: what it needs of .NET is in it.
        var printed = ChildProcess.Run(_user.Executable, _user.File("net.adaq"), _user.File("image.ppm")).Trim().Split('\n');

        printed[0].Should().Be($"class {Array.IndexOf(scores, scores.Max())}");
        printed[1].Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture)).Should().Equal(scores);
        var published = new DirectoryInfo(Path.GetDirectoryName(_user.Executable)!).GetFiles()
            .Where(file => file.Extension is not ".dbg").ToArray();
        published.Should().ContainSingle("it is one file");
        output.WriteLine($"{published[0].Name}: {published[0].Length} bytes");
        published[0].Length.Should().BeLessThan(4_000_000);
    }

    public void Dispose() => _user.Dispose();
}
