using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace AdaQat.Recording;

/// <summary>
/// The functions of libtorch's tracer that its library exports, though TorchSharp has no way to them, and the three places in its objects
/// that are read. Tried with libtorch 2.10 on Linux, x64: anything else is refused before a byte is touched.
/// </summary>
internal sealed unsafe class LibtorchSymbols
{
    /// <summary>What a TracingState takes at most; it takes a few hundred bytes.</summary>
    public const int StateBytes = 8192;

    /// <summary>Where a TracingState has its graph: behind its own weak pointer.</summary>
    public const int GraphOfState = 16;

    /// <summary>Where a graph has the set of its values, a libstdc++ hash set: the first node, and how many there are.</summary>
    public const int FirstValueOfGraph = 72 + 16;

    /// <inheritdoc cref="FirstValueOfGraph"/>
    public const int ValueCountOfGraph = 72 + 24;

    /// <summary>Where a value has its number.</summary>
    public const int NumberOfValue = 24;

    private const string Library = "libtorch_cpu.so";
    private const string StandardLibrary = "libstdc++.so.6";
    private const string TriedVersion = "2.10.";

    public readonly delegate* unmanaged<nint, void> CreateState;
    public readonly delegate* unmanaged<nint, void> DestroyState;
    public readonly delegate* unmanaged<nint*> GetTracingState;
    public readonly delegate* unmanaged<nint*, void> SetTracingState;
    public readonly delegate* unmanaged<nint, nint*, nint> GetValue;
    public readonly delegate* unmanaged<nint, nint*, nint> SetDebugName;
    public readonly delegate* unmanaged<nint*, nint, byte, void> GraphToString;
    public readonly delegate* unmanaged<nint*, nint, void> ToIValue;
    public readonly delegate* unmanaged<nint*, void> DestroyTensors;
    public readonly delegate* unmanaged<nint, nint*, void> SetData;
    public readonly delegate* unmanaged<nint, nint> New;
    public readonly delegate* unmanaged<nint, void> Delete;

    private LibtorchSymbols(Func<string, string, nint> find)
    {
        CreateState = (delegate* unmanaged<nint, void>)find(Library, "_ZN5torch3jit6tracer12TracingStateC1Ev");
        DestroyState = (delegate* unmanaged<nint, void>)find(Library, "_ZN5torch3jit6tracer12TracingStateD1Ev");
        GetTracingState = (delegate* unmanaged<nint*>)find(Library, "_ZN5torch3jit6tracer15getTracingStateEv");
        SetTracingState = (delegate* unmanaged<nint*, void>)find(
            Library, "_ZN5torch3jit6tracer15setTracingStateESt10shared_ptrINS1_12TracingStateEE");
        GetValue = (delegate* unmanaged<nint, nint*, nint>)find(
            Library, "_ZN5torch3jit6tracer12TracingState8getValueERKN3c106IValueE");
        SetDebugName = (delegate* unmanaged<nint, nint*, nint>)find(
            Library, "_ZN5torch3jit5Value12setDebugNameERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
        GraphToString = (delegate* unmanaged<nint*, nint, byte, void>)find(Library, "_ZNK5torch3jit5Graph8toStringB5cxx11Eb");
        ToIValue = (delegate* unmanaged<nint*, nint, void>)find(Library, "_ZN5torch3jit8toIValueEPKNS0_5ValueE");
        DestroyTensors = (delegate* unmanaged<nint*, void>)find(Library, "_ZNSt6vectorIN2at6TensorESaIS1_EED1Ev");
        SetData = (delegate* unmanaged<nint, nint*, void>)find(Library, "_ZNK2at10TensorBase8set_dataERKS0_");
        New = (delegate* unmanaged<nint, nint>)find(StandardLibrary, "_Znwm");
        Delete = (delegate* unmanaged<nint, void>)find(StandardLibrary, "_ZdlPv");
    }

    /// <summary>Looks the functions up.</summary>
    /// <exception cref="PlatformNotSupportedException">This system, or this libtorch, is none that was tried.</exception>
    public static LibtorchSymbols Load()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw NotAvailable($"it is untried on {RuntimeInformation.RuntimeIdentifier}");
        }

        if (!torch.__version__.StartsWith(TriedVersion, StringComparison.Ordinal))
        {
            throw NotAvailable($"it is untried with libtorch {torch.__version__}");
        }

        return new LibtorchSymbols(Find);
    }

    /// <summary>Where a graph can't be recorded, and what to do about it.</summary>
    public static PlatformNotSupportedException NotAvailable(string why) => new(
        $"A model's graph is recorded by libtorch's own tracer, which is reached on Linux x64 with libtorch 2.10 only: {why}. "
        + "Describe the network with GraphBuilder instead; all that takes a graph takes that one too.");

    private static nint Find(string library, string symbol)
    {
        // TorchSharp has loaded libtorch long since; by the same name this is the same library.
        if (!NativeLibrary.TryLoad(library, typeof(torch).Assembly, searchPath: null, out var handle))
        {
            throw NotAvailable($"{library} is not found");
        }

        return NativeLibrary.TryGetExport(handle, symbol, out var address)
            ? address
            : throw NotAvailable($"{library} does not export {symbol}");
    }
}
