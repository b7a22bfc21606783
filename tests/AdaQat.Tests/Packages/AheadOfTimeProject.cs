namespace AdaQat.Tests.Packages;

/// <summary>A project outside the repository that references the package AdaQat.Runtime alone and is compiled ahead of time.</summary>
internal sealed class AheadOfTimeProject : IDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly TemporaryFolder _folder = new();

    /// <summary>The program, once it is published.</summary>
    public string Executable => _folder.In("published", "classify");

    /// <summary>A file beside the program's sources.</summary>
    public string File(string name) => _folder.In(name);

    /// <summary>Packs what AdaQat.Runtime is made of.</summary>
    public void Pack()
    {
        foreach (var library in (string[])["AdaQat.Graph", "AdaQat.Runtime"])
        {
            ChildProcess.RunDotnet(
                Repository.Root, NoVariables, "pack", Path.Combine("src", library), "-c", Repository.Configuration, "--no-build",
                "--nologo", "-v", "quiet", "-tl:off", "-o", _folder.In("feed"));
        }
    }

    public void Write(string program)
    {
        System.IO.File.WriteAllText(_folder.In("Program.cs"), program);
        System.IO.File.WriteAllText(_folder.In("nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="adaqat-under-test" value="{_folder.In("feed")}" />
              </packageSources>
            </configuration>
            """);
        // Linked by gcc where there is no clang; what is on the machine already need not be fetched again.
        System.IO.File.WriteAllText(_folder.In("classify.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <IlcTreatWarningsAsErrors>true</IlcTreatWarningsAsErrors>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                <NuGetAudit>false</NuGetAudit>
                <PublishAot>true</PublishAot>
                <InvariantGlobalization>true</InvariantGlobalization>
                <CppCompilerAndLinker>{NativeLinker.Name}</CppCompilerAndLinker>
                <RestoreFallbackFolders>{PackagesOfTheMachine()}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="AdaQat.Runtime" Version="*-*" />
              </ItemGroup>
            </Project>
            """);
    }

    public void Publish() => ChildProcess.RunDotnet(
        _folder.Path, new Dictionary<string, string> { ["NUGET_PACKAGES"] = _folder.In("cache") },
        "publish", "-c", "Release", "-r", "linux-x64", "--nologo", "-v", "quiet", "-tl:off", "-o", _folder.In("published"));

    public void Dispose() => _folder.Dispose();

    private static string PackagesOfTheMachine()
    {
        var output = ChildProcess.RunDotnet(Repository.Root, NoVariables, "nuget", "locals", "global-packages", "--list");
        return output[(output.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
