namespace AdaQat.Runtime;

/// <summary>Numbers that kernels read by their address: on the heap that never moves.</summary>
internal sealed unsafe class Pinned<T>
    where T : unmanaged
{
    private readonly T[] _items;

    public Pinned(int count)
    {
        _items = GC.AllocateArray<T>(count, pinned: true);
        fixed (T* items = _items)
        {
            Pointer = items;
        }
    }

    public Pinned(ReadOnlySpan<T> items)
        : this(items.Length) => items.CopyTo(_items);

    /// <summary>The first one; valid as long as this object is.</summary>
    public T* Pointer { get; }

    public int Count => _items.Length;

    public Span<T> Span => _items;
}
