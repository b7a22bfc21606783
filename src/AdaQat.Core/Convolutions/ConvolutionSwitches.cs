using System.Runtime.InteropServices;

namespace AdaQat.Convolutions;

/// <summary>The switches of libtorch's context, at::globalContext(), by their names in the library that is loaded.</summary>
internal static unsafe class ConvolutionSwitches
{
    private const string Maps = "/proc/self/maps";

    /// <summary>oneDNN off; and NNPACK, which takes over some convolutions then, and writes a line for each where it cannot.</summary>
    public static bool TryTurnOff()
    {
        if (Library() is not { } library
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledMkldnnEb", out var oneDnn))
        {
            return false;
        }

        var current = ((delegate* unmanaged[Cdecl]<nint>)context)();
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)oneDnn)(current, 0);
        if (NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out var nnPack))
        {
            ((delegate* unmanaged[Cdecl]<nint, byte, void>)nnPack)(current, 0);
        }

        return true;
    }

    /// <summary>The library that is loaded already: another copy would have a context of its own.</summary>
    private static nint? Library()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Maps))
        {
            return null;
        }

        var path = File.ReadLines(Maps).Select(line => line[Math.Max(line.IndexOf('/', StringComparison.Ordinal), 0)..])
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libtorch_cpu.so", StringComparison.Ordinal));
        return path is not null && NativeLibrary.TryLoad(path, out var library) ? library : null;
    }
}
