namespace AdaQat.Tests.Packages;

/// <summary>What links programs that are compiled ahead of time.</summary>
internal static class NativeLinker
{
    /// <summary>clang, which is what .NET looks for, or gcc; null where neither is on the path.</summary>
    public static string? Name { get; } = Find();

    private static string? Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Array.Find((string[])["clang", "gcc"], name => folders.Any(folder => File.Exists(Path.Combine(folder, name))));
    }
}
