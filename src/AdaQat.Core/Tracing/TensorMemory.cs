using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>
/// Where a tensor's elements lie. Two TorchSharp objects may be of one and the same weight (an embedding's property makes a new one at
/// every call), so that a weight is known by its memory.
/// </summary>
/// <param name="Storage">The first byte of what it lies in.</param>
/// <param name="View">The offset, shape and strides in there.</param>
internal readonly record struct TensorMemory(nint Storage, string View)
{
    public static TensorMemory Of(Tensor tensor) => new(
        StorageOf(null, tensor.Handle), $"{tensor.storage_offset()}:{string.Join('x', tensor.shape)}:{string.Join('x', tensor.stride())}");

    /// <summary>Whether writing to one may change the other.</summary>
    public bool Overlaps(TensorMemory other) => Storage != 0 && Storage == other.Storage;

    // Tensor.storage<T>() copies a tensor of another type than T, and has no T for half precision.
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "THSStorage_data_ptr")]
    private static extern nint StorageOf([UnsafeAccessorType("TorchSharp.PInvoke.NativeMethods, TorchSharp")] object? methods, nint tensor);
}
