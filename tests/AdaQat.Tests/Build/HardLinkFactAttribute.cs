using System.Diagnostics;

namespace AdaQat.Tests.Build;

/// <summary>A fact that needs <see cref="HardLink"/>; skipped, by name, where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HardLinkFactAttribute : FactAttribute
{
    public HardLinkFactAttribute()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("one"), "");
        if (!HardLink.TryCreate(folder.In("one"), folder.In("two")))
        {
            Skip = "No hard links can be made here.";
        }
    }
}

/// <summary>A second name of a file, made with <c>ln</c>.</summary>
internal static class HardLink
{
    public static bool TryCreate(string file, string link)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ln", [file, link]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
