using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>
/// Runs work on libtorch's own OpenMP threads, where they are GNU's (Linux): by the entry point that compiled code calls for a parallel
/// region.
/// </summary>
/// <remarks>
/// After each of its operations libtorch's threads wait actively for the next one. For some milliseconds they so hold the other cores, and
/// threads of our own would have to share those with them.
/// </remarks>
internal static unsafe class OpenMp
{
    private const string Library = "libgomp";

    private static readonly nint Loaded = Find();

    private static readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void> Parallel =
        (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void>)Export("GOMP_parallel");

    private static readonly delegate* unmanaged[Cdecl]<int> ThreadNumber = (delegate* unmanaged[Cdecl]<int>)Export("omp_get_thread_num");

    /// <summary>Whether libtorch's threads were found. To be asked when libtorch is loaded.</summary>
    public static bool IsAvailable => Parallel is not null && ThreadNumber is not null;

    /// <summary>
    /// Calls <paramref name="work"/> on this thread, with 0, and on <paramref name="threads"/> − 1 others at once, with theirs; returns
    /// when all have.
    /// There may be fewer. It must not throw.
    /// </summary>
    public static void Run(int threads, Action<int> work)
    {
        var handle = GCHandle.Alloc(work);
        try
        {
            Parallel(&Call, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Call(void* work) => Unsafe.As<Action<int>>(GCHandle.FromIntPtr((nint)work).Target!)(ThreadNumber());

    private static nint Export(string name) => Loaded != 0 && NativeLibrary.TryGetExport(Loaded, name, out var entry) ? entry : 0;

    /// <summary>The library that is loaded already, whatever its file is called; a second copy would have threads of its own.</summary>
    private static nint Find()
    {
        const string Maps = "/proc/self/maps";
        if (!OperatingSystem.IsLinux() || !File.Exists(Maps))
        {
            return 0;
        }

        var loaded = File.ReadLines(Maps).Select(line => line[Math.Max(line.IndexOf('/', StringComparison.Ordinal), 0)..])
            .Where(path => Path.GetFileName(path).StartsWith(Library, StringComparison.Ordinal)).Distinct().ToList();
        return loaded is [var path] && NativeLibrary.TryLoad(path, out var library) ? library : 0;
    }
}
