using System.Text;
using AdaQat.Build;
using static TorchSharp.torch;

namespace AdaQat.Tests.Build;

/// <summary>The MSBuild task that lets TorchSharp's library load where the system's libstdc++ is older.</summary>
public sealed class WeakSymbolVersionTests
{
    private const string Version = "GLIBCXX_3.4.32";
    private const byte Weak = 2;

    public static TheoryData<string> Damages => [.. Damaged.Keys];

    private static Dictionary<string, Action<ElfImage>> Damaged { get; } = new()
    {
        ["no ELF file"] = image => image.Bytes[1] = (byte)'M',
        ["32 bits"] = image => image.Bytes[4] = 1,
        ["big-endian"] = image => image.Bytes[5] = 2,
        ["section headers behind the end"] = image => Write(image, 40, (long)image.Bytes.Length),
        ["section headers at the largest offset"] = image => Write(image, 40, long.MaxValue),
        ["section headers before the start"] = image => Write(image, 40, -1L),
        ["names in a section that is not there"] = image => Write(image, image.NeedsHeader + 40, 0x7fffffff),
        ["names behind the end"] = image => Write(image, image.NamesHeader + 24, (long)image.Bytes.Length),
        ["names before the start"] = image => Write(image, image.NamesHeader + 24, -1L),
        ["names at the largest offset"] = image => Write(image, image.NamesHeader + 24, long.MaxValue),
        ["a name without an end"] = image =>
        {
            // The last section header's last fields, which no one reads.
            Array.Fill(image.Bytes, (byte)'x', image.NeedsHeader + 48, 16);
            Write(image, image.NamesHeader + 24, image.Bytes.Length - 16L);
        },
        ["needs behind the end"] = image => Write(image, image.NeedsHeader + 24, (long)image.Bytes.Length),
        ["needs before the start"] = image => Write(image, image.NeedsHeader + 24, -1L),
        ["needs beyond 4 GB"] = image => Write(image, image.NeedsHeader + 24, image.NeedsStart + (1L << 32)),
        ["versions behind the end"] = image => Write(image, image.NeedsStart + 8, 0x7fffffff),
        ["the next library behind the end"] = image => Write(image, image.NeedsStart + 12, 0x7fffffff),
        ["the next version behind the end"] = image => Write(image, image.NeedsStart + 28, 0x7fffffff),
    };

    [Theory]
    [InlineData("libc.so.6", "GLIBC_2.34")]
    [InlineData("libc.so.6", "GLIBC_2.4")]
    [InlineData("libstdc++.so.6", "GLIBCXX_3.4")]
    [InlineData("libstdc++.so.6", "CXXABI_1.3")]
    [InlineData("libstdc++.so.6", Version)]
    public void Exactly_the_flags_of_that_version_change(string library, string version)
    {
        var image = Library();
        var expected = image.Bytes.ToArray();
        expected[image.FlagsAt(library, version)] = Weak;

        WeakSymbolVersion.Weaken(image.Bytes, version).Should().Be(1);

        image.Bytes.Should().Equal(expected);
    }

    [Fact]
    public void A_version_that_two_libraries_are_asked_for_is_weak_in_both()
    {
        var image = new ElfImage(("first.so", ["A", Version]), ("second.so", ["B"]), ("third.so", [Version, "C"]));
        var expected = image.Bytes.ToArray();
        expected[image.FlagsAt("first.so", Version)] = expected[image.FlagsAt("third.so", Version)] = Weak;

        WeakSymbolVersion.Weaken(image.Bytes, Version).Should().Be(2);

        image.Bytes.Should().Equal(expected);
    }

    [Fact]
    public void Other_flags_stay()
    {
        var image = Library();
        image.Bytes[image.FlagsAt("libstdc++.so.6", Version)] = 5;

        WeakSymbolVersion.Weaken(image.Bytes, Version).Should().Be(1);

        image.Bytes[image.FlagsAt("libstdc++.so.6", Version)].Should().Be(5 | Weak);
    }

    [Fact]
    public void What_is_weak_already_stays_as_it_is()
    {
        var image = Library();
        WeakSymbolVersion.Weaken(image.Bytes, Version);
        var expected = image.Bytes.ToArray();

        WeakSymbolVersion.Weaken(image.Bytes, Version).Should().Be(0);

        image.Bytes.Should().Equal(expected);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.320")]
    [InlineData("3.4.32")]
    [InlineData("libstdc++.so.6")]
    [InlineData("")]
    public void A_version_that_it_is_not_asked_for_changes_nothing(string version)
    {
        var image = Library();
        var expected = image.Bytes.ToArray();

        WeakSymbolVersion.Weaken(image.Bytes, version).Should().Be(0);

        image.Bytes.Should().Equal(expected);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_file_is_refused(string damage)
    {
        var image = Library();
        Damaged[damage](image);

        FluentActions.Invoking(() => WeakSymbolVersion.Weaken(image.Bytes, Version)).Should().Throw<BadImageFormatException>();
    }

    [Fact]
    public void A_file_that_ends_too_early_is_refused_wherever_it_ends()
    {
        var bytes = Library().Bytes;

        for (var length = 0; length < bytes.Length; length++)
        {
            var part = bytes[..length];
            FluentActions.Invoking(() => WeakSymbolVersion.Weaken(part, Version))
                .Should().Throw<BadImageFormatException>("it ends after {0} bytes", length);
        }
    }

    [Fact]
    public void The_copy_differs_in_that_one_byte_and_its_folder_is_made()
    {
        using var folder = new TemporaryFolder();
        var image = Library();
        File.WriteAllBytes(folder.In("source.so"), image.Bytes);
        var destination = Path.Combine(folder.Path, "runtimes", "native", "copy.so");

        var (succeeded, errors) = Execute(folder.In("source.so"), destination);

        errors.Should().BeEmpty();
        succeeded.Should().BeTrue();
        File.ReadAllBytes(folder.In("source.so")).Should().Equal(image.Bytes);
        image.Bytes[image.FlagsAt("libstdc++.so.6", Version)] = Weak;
        File.ReadAllBytes(destination).Should().Equal(image.Bytes);
    }

    [HardLinkFact]
    public void A_destination_that_is_the_source_by_a_second_name_is_replaced_and_the_source_untouched()
    {
        using var folder = new TemporaryFolder();
        var image = Library();
        File.WriteAllBytes(folder.In("source.so"), image.Bytes);
        HardLink.TryCreate(folder.In("source.so"), folder.In("copy.so")).Should().BeTrue();

        Execute(folder.In("source.so"), folder.In("copy.so")).Succeeded.Should().BeTrue();

        File.ReadAllBytes(folder.In("source.so")).Should().Equal(image.Bytes);
        File.ReadAllBytes(folder.In("copy.so")).Should().NotEqual(image.Bytes);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void An_error_names_the_damaged_file_and_what_was_at_the_destination_stays(string damage)
    {
        using var folder = new TemporaryFolder();
        var image = Library();
        Damaged[damage](image);
        File.WriteAllBytes(folder.In("source.so"), image.Bytes);
        File.WriteAllText(folder.In("copy.so"), "of the build before");

        var (succeeded, errors) = Execute(folder.In("source.so"), folder.In("copy.so"));

        succeeded.Should().BeFalse();
        errors.Should().ContainSingle().Which.Should().Match($"{folder.In("source.so")}: *ELF file*");
        File.ReadAllText(folder.In("copy.so")).Should().Be("of the build before");
    }

    [Fact]
    public void An_error_names_the_file_that_is_not_there()
    {
        using var folder = new TemporaryFolder();

        var (succeeded, errors) = Execute(folder.In("source.so"), folder.In("copy.so"));

        succeeded.Should().BeFalse();
        errors.Should().ContainSingle().Which.Should().StartWith(folder.In("source.so"));
    }

    [LinuxX64Fact]
    public void The_library_in_use_asks_for_no_version_that_the_system_lacks()
    {
        var library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));
        var copy = library.ToArray();

        WeakSymbolVersion.Weaken(copy, "GLIBCXX_3.4.30").Should().Be(1, "it asks for this one as well");
        library.Zip(copy).Count(pair => pair.First != pair.Second).Should().Be(1);
        WeakSymbolVersion.Weaken(copy, Version).Should().BeLessThanOrEqualTo(SystemHas(Version) ? 1 : 0);
    }

    /// <summary>As a library of C++ is: names that begin alike, in no order.</summary>
    private static ElfImage Library() => new(
        ("libc.so.6", ["GLIBC_2.34", "GLIBC_2.4"]),
        ("libstdc++.so.6", ["GLIBCXX_3.4", "GLIBCXX_3.4.30", "CXXABI_1.3", Version]));

    private static (bool Succeeded, List<string> Errors) Execute(string source, string destination)
    {
        var engine = new RecordingBuildEngine();
        var task = new WeakSymbolVersion { BuildEngine = engine, Source = source, Destination = destination, SymbolVersion = Version };
        return (task.Execute(), engine.Errors);
    }

    /// <summary>Whether the libstdc++ that torch runs with in this process has that version.</summary>
    private static bool SystemHas(string version)
    {
        zeros(1).Dispose();
        var mapping = File.ReadLines("/proc/self/maps").First(line => line.Contains("/libstdc++.so.6", StringComparison.Ordinal));
        var library = File.ReadAllBytes(mapping[mapping.IndexOf('/', StringComparison.Ordinal)..]);
        return library.AsSpan().IndexOf(Encoding.ASCII.GetBytes(version)) >= 0;
    }

    private static void Write(ElfImage image, int at, long value) => BitConverter.GetBytes(value).CopyTo(image.Bytes, at);

    private static void Write(ElfImage image, int at, int value) => BitConverter.GetBytes(value).CopyTo(image.Bytes, at);
}
