namespace AdaQat.Tests.Support;

/// <summary>The sources that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder above the output that holds the solution; the compiler's own paths are not the machine's.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration under test.</summary>
    public static string Configuration =>
        typeof(Repository).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyConfigurationAttribute), false)
            .Cast<System.Reflection.AssemblyConfigurationAttribute>().Single().Configuration;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AdaQat.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The solution is not above the tests' output.");
    }
}
