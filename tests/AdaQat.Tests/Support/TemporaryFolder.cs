namespace AdaQat.Tests.Support;

/// <summary>An empty folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("adaqat-test-").FullName;

    public string In(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public IEnumerable<string> FileNames() => Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
