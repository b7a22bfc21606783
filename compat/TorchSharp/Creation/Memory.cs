using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor with a copy of the elements.</summary>
    private static unsafe Tensor Copy<T>(
        ReadOnlySpan<T> elements, ReadOnlySpan<long> dimensions, ScalarType elementType, ScalarType? dtype, Device device, bool requires_grad,
        string[] names)
        where T : unmanaged
    {
        device = InitializeDevice(device);
        var bytes = CheckedCount(dimensions, elements.Length) * sizeof(T);
        nint handle;
        fixed (T* data = elements)
        fixed (long* sizes = dimensions)
        {
            Errors.Check(NativeMethods.adaqat_tensor_copy_in(data, bytes, sizes, dimensions.Length, (int)elementType, &handle));
        }
        return Finish(Settle(new Tensor(handle, (int)(bytes >> 10)), dtype, device), requires_grad, names);
    }

    private static Tensor CopyArray<T>(
        Array array, ScalarType elementType, ScalarType? dtype, Device device, bool requires_grad, string[] names)
        where T : unmanaged => Copy(Flatten<T>(array), ShapeOf(array), elementType, dtype, device, requires_grad, names);

    /// <summary>A tensor over the array's own memory, which stays pinned for as long as any tensor reads it.</summary>
    private static unsafe Tensor Over(Array array, long offset, ReadOnlySpan<long> dimensions, ScalarType elementType)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        var start = (void*)(pin.AddrOfPinnedObject() + (nint)offset);
        nint handle;
        try
        {
            fixed (long* sizes = dimensions)
            {
                Errors.Check(NativeMethods.adaqat_tensor_over(
                    start, sizes, dimensions.Length, (int)elementType, GCHandle.ToIntPtr(pin), &Unpin, &handle));
            }
        }
        catch
        {
            pin.Free();
            throw;
        }
        return new Tensor(handle);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();

    /// <summary>Brings a tensor of its source's element type and in main memory to where it was asked for.</summary>
    private static Tensor Settle(Tensor made, ScalarType? dtype, Device device)
    {
        if ((dtype is null || dtype == made.dtype) && device.type == DeviceType.CPU) return made;
        var settled = made.to(dtype ?? made.dtype, device);
        made.Dispose();
        return settled;
    }

    private static long CheckedCount(ReadOnlySpan<long> dimensions, long available)
    {
        var count = 1L;
        foreach (var size in dimensions) count *= size;
        return count <= available
            ? count
            : throw new ArgumentException($"A tensor of {count} elements cannot be made from an array of {available}.");
    }

    private static long[] ShapeOf(Array array)
    {
        var shape = new long[array.Rank];
        for (var i = 0; i < shape.Length; i++) shape[i] = array.GetLongLength(i);
        return shape;
    }

    private static T[] Flatten<T>(IList<T> list) => list as T[] ?? list.ToArray();

    private static ReadOnlySpan<T> Flatten<T>(Array array)
        where T : unmanaged => array.Length == 0
            ? []
            : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
