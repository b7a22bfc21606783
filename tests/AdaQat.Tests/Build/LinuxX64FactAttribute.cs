using System.Runtime.InteropServices;

namespace AdaQat.Tests.Build;

/// <summary>A fact about the native library of Linux on x64; skipped, by name, elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxX64FactAttribute : FactAttribute
{
    public LinuxX64FactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            Skip = "The library is that of Linux on x64.";
        }
    }
}
