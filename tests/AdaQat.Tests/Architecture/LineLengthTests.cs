namespace AdaQat.Tests.Architecture;

public sealed class LineLengthTests
{
    private const int Columns = 140;

    [Fact]
    public void Lines_of_code_end_at_140_columns()
    {
        var tooLong =
            from folder in new[] { "build", "src", "samples", "tests", "benchmarks", "studies" }
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            where !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")
            from line in File.ReadLines(file).Index()
            where line.Item.Length > Columns
            select $"{file}({line.Index + 1})";

        tooLong.Should().BeEmpty();
    }
}
