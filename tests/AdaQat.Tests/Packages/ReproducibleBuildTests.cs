using System.Text;

namespace AdaQat.Tests.Packages;

/// <summary>The same sources give the same bytes, wherever they lie.</summary>
public sealed class ReproducibleBuildTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Builds_in_two_folders_are_the_same_byte_by_byte()
    {
        var (one, two) = (Build("one"), Build(Path.Combine("two", "with a longer name")));

        foreach (var name in new[] { "AdaQat.Core", "AdaQat.Graph", "AdaQat.Quantizers" })
        {
            foreach (var type in new[] { "dll", "pdb", "xml" })
            {
                var file = Path.Combine("src", name, "bin", "Release", "net10.0", $"{name}.{type}");
                var bytes = File.ReadAllBytes(Path.Combine(one, file));
                bytes.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(two, file))).Should().BeTrue("{0} is the same in both", file);
                foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
                {
                    var place = bytes.AsSpan().IndexOf(encoding.GetBytes(_folder.Path));
                    place.Should().Be(-1, "{0} does not name the folder it was built in", file);
                }
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Builds the libraries in a copy of the sources and returns its folder.</summary>
    private string Build(string name)
    {
        var copy = _folder.In(name);
        CopySources(Repository.Root, copy);
        ChildProcess.RunDotnet(
            copy, new Dictionary<string, string>(),
            "build", Path.Combine("src", "AdaQat"), "-c", "Release", "--nologo", "-v", "quiet", "-tl:off");
        return copy;
    }

    private static void CopySources(string root, string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(root))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        // The commit goes into the assemblies: the copy shares the repository, where there is one.
        if (Directory.Exists(Path.Combine(root, ".git")))
        {
            File.WriteAllText(Path.Combine(copy, ".git"), $"gitdir: {Path.Combine(root, ".git")}\n");
        }

        CopyFolder(Path.Combine(root, "build"), Path.Combine(copy, "build"));
        CopyFolder(Path.Combine(root, "src"), Path.Combine(copy, "src"));
    }

    /// <summary>A folder without what was built in it.</summary>
    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
