using System.Runtime.InteropServices;
using TorchSharp;

namespace AdaQat.Convolutions;

/// <summary>The switches of libtorch's context, at::globalContext(), by their names in the library that is loaded.</summary>
internal static unsafe class ConvolutionSwitches
{
    /// <summary>oneDNN off; and NNPACK, which takes over some convolutions then, and writes a line for each where it cannot.</summary>
    public static bool TryTurnOff()
    {
        // TorchSharp has loaded libtorch long since; by the same name this is the same library.
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", typeof(torch).Assembly, searchPath: null, out var library)
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
}
