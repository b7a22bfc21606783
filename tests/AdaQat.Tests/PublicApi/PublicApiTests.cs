using System.Reflection;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers;
using AdaQat.Tests.Support;

namespace AdaQat.Tests.PublicApi;

/// <summary>What users can call is what the files beside this one say; whoever changes it approves the change.</summary>
public sealed class PublicApiTests
{
    private const string Approve = "ADAQAT_APPROVE_API";

    public static TheoryData<string, Type> Assemblies() => new()
    {
        { "AdaQat.Core", typeof(QuantizedModel) },
        { "AdaQat.Quantizers", typeof(DoReFaWeightQuantizer) },
    };

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void It_is_the_approved_one(string name, Type member)
    {
        var actual = ApiText.Of(member.Assembly);
        if (Environment.GetEnvironmentVariable(Approve) == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, "tests", "AdaQat.Tests", "PublicApi", $"{name}.txt"), actual);
            return;
        }

        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi", $"{name}.txt"));

        var (old, now) = (Lines(approved), Lines(actual));
        var changes = now.Except(old).Select(line => $"+ {line}").Concat(old.Except(now).Select(line => $"- {line}"));
        if (actual != approved)
        {
            Assert.Fail(
                $"The public API of {name} changed:\n{string.Join('\n', changes)}\n"
                + $"If that is meant, approve it:\n    {Approve}=1 dotnet test tests/AdaQat.Tests --filter PublicApi");
        }
    }

    [Fact]
    public void Only_the_tests_see_internals()
    {
        Assemblies().Select(row => ((Type)row[1]).Assembly.GetCustomAttributes<InternalsVisibleToAttribute>().Select(a => a.AssemblyName))
            .Should().OnlyContain(names => names.SequenceEqual(new[] { "AdaQat.Tests" }));
    }

    /// <summary>Every member under its type, so that a line says what it belongs to.</summary>
    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        var type = "";
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            type = line.StartsWith(' ') ? type : line;
            lines.Add(line.StartsWith(' ') ? $"{type}: {line.Trim()}" : line);
        }

        return lines;
    }
}
