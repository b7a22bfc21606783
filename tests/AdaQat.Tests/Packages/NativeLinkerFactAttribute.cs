using System.Runtime.InteropServices;

namespace AdaQat.Tests.Packages;

/// <summary>A fact that needs a linker; skipped, and said, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeLinkerFactAttribute : FactAttribute
{
    public NativeLinkerFactAttribute()
    {
        if (RuntimeInformation.RuntimeIdentifier != "linux-x64")
        {
            Skip = "Compiling ahead of time is tried on Linux x64 only.";
        }
        else if (NativeLinker.Name is null)
        {
            Skip = "There is neither clang nor gcc on the path to link a program that is compiled ahead of time.";
        }
    }
}
