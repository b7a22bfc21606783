using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>The elements of a dense tensor in the order of memory, for as long as this object lives.</summary>
internal sealed unsafe class DenseMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly Tensor _flat;
    private readonly bool _isOwn;
    private readonly T* _start;

    public DenseMemory(Tensor tensor)
        : this(tensor, isOwn: false)
    {
    }

    /// <summary>
    /// Only a contiguous tensor shows its bytes; any other needs a view that is, which costs about what a small kernel does.
    /// </summary>
    private DenseMemory(Tensor tensor, bool isOwn)
    {
        var isInOrder = tensor.is_contiguous();
        _isOwn = isOwn || !isInOrder;
        _flat = isInOrder ? tensor : tensor.as_strided([tensor.numel()], [1], tensor.storage_offset());
        _start = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_flat.bytes));
    }

    /// <summary>
    /// The values of <paramref name="tensor"/>, of whatever layout, in the order in which <paramref name="like"/> has its own.
    /// </summary>
    public static DenseMemory<T> LaidOutAs(Tensor like, Tensor tensor)
    {
        if (tensor.stride().SequenceEqual(like.stride()))
        {
            return new DenseMemory<T>(tensor);
        }

        using var scope = NewDisposeScope();
        var copy = new DenseMemory<T>(empty_like(like).copy_(tensor), isOwn: true);
        copy._flat.MoveToOuterDisposeScope();
        return copy;
    }

    public T* From(long element) => _start + element;

    public void Dispose()
    {
        if (_isOwn)
        {
            _flat.Dispose();
        }

        GC.KeepAlive(_flat);
    }
}
