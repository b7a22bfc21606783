namespace TorchSharp.Utils;

public sealed partial class TensorAccessor<T>
{
    public T[] ToArray()
    {
        var array = new T[count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>An array with the tensor's own dimensions; a scalar becomes a vector of one element.</summary>
    public Array ToNDArray()
    {
        if (shape.Length < 2) return ToArray();
        var array = Array.CreateInstance(typeof(T), shape);
        if (count > 0)
        {
            ref var first = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array);
            CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref first), array.Length));
        }
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies from an element of the tensor on, until either side ends.</summary>
    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var length = Overlap(target.Length, tensorIndex);
        var source = (T*)Address;
        if (contiguous)
        {
            new ReadOnlySpan<T>(source + tensorIndex, length).CopyTo(target);
        }
        else
        {
            var offsets = new StridedOffsets(shape, strides, tensorIndex);
            for (var i = 0; i < length; i++)
            {
                target[i] = source[offsets.Current];
                offsets.Advance();
            }
        }
        GC.KeepAlive(this);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var length = Overlap(source.Length, tensorIndex);
        var target = (T*)Address;
        if (contiguous)
        {
            source[..length].CopyTo(new Span<T>(target + tensorIndex, length));
        }
        else
        {
            var offsets = new StridedOffsets(shape, strides, tensorIndex);
            for (var i = 0; i < length; i++)
            {
                target[offsets.Current] = source[i];
                offsets.Advance();
            }
        }
        GC.KeepAlive(this);
    }

    private int Overlap(int arrayLength, long tensorIndex)
    {
        if (tensorIndex < 0 || tensorIndex > count)
        {
            throw new ArgumentOutOfRangeException(nameof(tensorIndex), tensorIndex, $"The tensor has {count} elements.");
        }
        return (int)Math.Min(arrayLength, count - tensorIndex);
    }
}
