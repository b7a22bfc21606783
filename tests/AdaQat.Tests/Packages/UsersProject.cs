namespace AdaQat.Tests.Packages;

/// <summary>A project outside the repository that references the packages, with a package cache of its own.</summary>
internal sealed class UsersProject : IDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder of the feed, with what was packed.</summary>
    public string Feed => _folder.In("feed");

    /// <summary>The package cache of this project alone.</summary>
    public string Cache => _folder.In("cache");

    private string Folder => _folder.In("app");

    public void Pack() =>
        ChildProcess.RunDotnet(
            Repository.Root, NoVariables,
            "pack", "AdaQat.sln", "-c", Repository.Configuration, "--no-build", "--nologo", "-v", "quiet", "-tl:off", "-o", Feed);

    public void Write(string version, string torchVersion, string program, string ownFamily)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "Program.cs"), program);
        File.WriteAllText(Path.Combine(Folder, "OwnFamily.cs"), ownFamily);
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="adaqat-under-test" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        // What is on the machine already need not be fetched again; from there it is only read.
        File.WriteAllText(Path.Combine(Folder, "QuickStart.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <UseAppHost>false</UseAppHost>
                <RestoreFallbackFolders>{PackagesOfTheMachine()}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="AdaQat" Version="{version}" />
                <PackageReference Include="AdaQat.Export" Version="{version}" />
                <PackageReference Include="AdaQat.Reports" Version="{version}" />
                <PackageReference Include="AdaQat.Runtime" Version="{version}" />
                <PackageReference Include="AdaQat.Search" Version="{version}" />
                <PackageReference Include="AdaQat.Terminal" Version="{version}" />
                <PackageReference Include="TorchSharp-cpu" Version="{torchVersion}" />
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>What docs/older-linux.md tells users of such a system to do.</summary>
    public void FollowOlderLinuxPage()
    {
        foreach (var file in new[] { "Torch.targets", "WeakSymbolVersion.cs" })
        {
            File.Copy(Path.Combine(Repository.Root, "build", file), Path.Combine(Folder, file));
        }

        File.WriteAllText(Path.Combine(Folder, "Directory.Build.targets"), """
            <Project>
              <Import Project="Torch.targets" />
            </Project>
            """);
    }

    public void Build() => Run("build", "-c", "Release", "--nologo", "-v", "quiet", "-tl:off");

    public string Execute() => Run("exec", Path.Combine(Folder, "bin", "Release", "net10.0", "QuickStart.dll"));

    public void Dispose() => _folder.Dispose();

    private string Run(params string[] arguments) =>
        ChildProcess.RunDotnet(Folder, new Dictionary<string, string> { ["NUGET_PACKAGES"] = Cache }, arguments);

    private static string PackagesOfTheMachine()
    {
        var output = ChildProcess.RunDotnet(Repository.Root, NoVariables, "nuget", "locals", "global-packages", "--list");
        return output[(output.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
