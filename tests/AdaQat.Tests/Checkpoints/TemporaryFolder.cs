namespace AdaQat.Tests.Checkpoints;

/// <summary>An empty folder for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("adaqat-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public IEnumerable<string> FileNames() => Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
