using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>The elements of a contiguous float32 tensor on the CPU, for as long as this object lives.</summary>
internal sealed unsafe class FloatMemory(Tensor tensor) : IDisposable
{
    private readonly float* _start = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    public float* At(long element) => _start + element;

    public void Dispose() => GC.KeepAlive(tensor);
}
