namespace AdaQat.Tests.Packages;

/// <summary>Systems whose C++ library is older than the one that TorchSharp was built with; docs/older-linux.md.</summary>
internal static class OlderLinux
{
    /// <summary>Asks the build, which has to know it anyway.</summary>
    public static bool IsHere() => ChildProcess.RunDotnet(
        Repository.Root, new Dictionary<string, string>(),
        "msbuild", "samples/ResNet20Cifar", "-nologo", "-t:FindSymbolVersion", "-getProperty:LacksSymbolVersion").Trim() == "true";
}
