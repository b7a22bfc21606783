using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor over the array's memory, of any rank: a change to one is a change to the other.</summary>
    public static Tensor from_array(Array rawArray, Device device = null) => from_array(rawArray, null, device);

    /// <summary>As the shorter form; another element type or device makes it a copy.</summary>
    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device device = null, bool requires_grad = false, string[] names = null)
    {
        var shape = ShapeOf(rawArray);
        var elementType = ElementTypeOf(rawArray);
        if (elementType == ScalarType.ComplexFloat32)
        {
            return Copy(Flatten<(float, float)>(rawArray), shape, elementType, dtype, device, requires_grad, names);
        }
        device = InitializeDevice(device);
        return Finish(Settle(Over(rawArray, 0, shape, elementType), dtype, device), requires_grad, names);
    }

    /// <summary>A vector over a part of a one-dimensional array; count and offset are in elements.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var length = rawArray.LongLength;
        if (offset < 0 || offset >= length)
        {
            throw new ArgumentException($"The offset {offset} is not within an array of {length} elements.", nameof(offset));
        }
        if (count < 0) count = length - offset;
        if (count > length - offset)
        {
            throw new IndexOutOfRangeException($"{count} elements from offset {offset} on are more than an array of {length} elements has.");
        }
        var elementType = ElementTypeOf(rawArray);
        var size = TensorExtensionMethods.ElementSize(elementType);
        return Finish(Settle(Over(rawArray, offset * size, [count], elementType), dtype, CPU), requires_grad);
    }

    private static ScalarType ElementTypeOf(Array array)
    {
        var type = array.GetType().GetElementType();
        return Tensor.TryGetElementType(type, out var scalarType)
            ? scalarType
            : throw new NotSupportedException($"An array of {type} cannot become a tensor.");
    }
}
