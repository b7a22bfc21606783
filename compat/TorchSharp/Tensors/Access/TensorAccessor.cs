using System.Collections;
using TorchSharp.Interop;

namespace TorchSharp.Utils;

/// <summary>A tensor's elements in main memory, read and written in row-major order whatever their strides.</summary>
public sealed partial class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;
    private readonly long count;

    // The tensor is held so that its memory stays.
    private torch.Tensor tensor;
    private nint address;

    internal unsafe TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException("Only memory of the CPU can be read; copy the tensor with cpu() first.");
        }
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        count = tensor.NumberOfElements;
        nint data;
        Errors.Check(NativeMethods.adaqat_tensor_data(tensor.Handle, &data));
        address = data;
        this.tensor = tensor;
    }

    public long Count => tensor is null ? 0 : count;

    public bool IsReadOnly => false;

    public unsafe T this[params long[] indices]
    {
        get => ((T*)Address)[Offset(indices)];
        set => ((T*)Address)[Offset(indices)] = value;
    }

    public void Dispose()
    {
        tensor = null;
        address = 0;
    }

    public IEnumerator<T> GetEnumerator()
    {
        if (Count == 0) yield break;
        var offsets = new StridedOffsets(shape, strides);
        for (var index = 0L; index < count; index++)
        {
            yield return Read(offsets.Current);
            offsets.Advance();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private nint Address => tensor is { IsInvalid: false } ? address : throw new ObjectDisposedException(nameof(TensorAccessor<T>));

    private unsafe T Read(long offset) => ((T*)Address)[offset];

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && shape.Length != 1)
        {
            var index = indices[0];
            if (index < 0 || index >= count) throw new ArgumentOutOfRangeException(nameof(indices), index, $"The tensor has {count} elements.");
            return contiguous ? index : new StridedOffsets(shape, strides, index).Current;
        }
        if (indices.Length != shape.Length)
        {
            throw new ArgumentException($"{indices.Length} indices do not name an element of a tensor with {shape.Length} dimensions.", nameof(indices));
        }
        var offset = 0L;
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= shape[i])
            {
                throw new IndexOutOfRangeException($"Index {indices[i]} is outside of dimension {i}, whose size is {shape[i]}.");
            }
            offset += indices[i] * strides[i];
        }
        return offset;
    }
}
