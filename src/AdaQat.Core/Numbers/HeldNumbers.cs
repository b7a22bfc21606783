using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Numbers;

/// <summary>
/// TorchSharp's operators of a tensor and a number, by their names, which hold the number until the operator has read it.
/// </summary>
/// <remarks>
/// <para>
/// <c>tensor.mul(2)</c> makes a <see cref="Scalar"/> that nothing holds once its handle is taken. If garbage is collected at that moment,
/// its native memory is freed while libtorch reads it: the operator throws "Unknown scalar type", or computes with another number. It has
/// been seen in training on a busy machine.
/// </para>
/// <para>A whole number stays one: <c>codes.Mul(2L)</c> of a tensor of integers is a tensor of integers.</para>
/// </remarks>
public static class HeldNumbers
{
    /// <summary>tensor · number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Mul(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.mul(held);
    }

    /// <summary>tensor · number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Mul(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.mul(held);
    }

    /// <summary>tensor + number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Add(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        using var once = 1L.ToScalar();
        return tensor.add(held, once);
    }

    /// <summary>tensor + number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Add(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        using var once = 1L.ToScalar();
        return tensor.add(held, once);
    }

    /// <summary>tensor + other. TorchSharp's own <c>+</c> makes a number for libtorch too, by which the other is multiplied: 1.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="other">Of a shape that broadcasts to the tensor's, or the tensor's to it.</param>
    public static Tensor Add(this Tensor tensor, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = 1L.ToScalar();
        return tensor.add(other, held);
    }

    /// <summary>tensor + other, in the tensor's own memory.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="other">Of a shape that broadcasts to the tensor's.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor AddInPlace(this Tensor tensor, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = 1L.ToScalar();
        return tensor.add_(other, held);
    }

    /// <summary>tensor², which TorchSharp takes for a power, whose exponent is a number for libtorch.</summary>
    /// <param name="tensor">Of any shape.</param>
    public static Tensor Square(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = 2L.ToScalar();
        return tensor.pow(held);
    }

    /// <summary>tensor − number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Sub(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.sub(held);
    }

    /// <summary>tensor − number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Sub(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.sub(held);
    }

    /// <summary>tensor / number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Div(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.div(held);
    }

    /// <summary>tensor / number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Div(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.div(held);
    }

    /// <summary>tensor to the power of number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Pow(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.pow(held);
    }

    /// <summary>tensor to the power of number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Pow(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.pow(held);
    }

    /// <summary>What is left of tensor after division by number, of the number's sign.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Remainder(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.remainder(held);
    }

    /// <summary>What is left of tensor after division by number, of the number's sign.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Remainder(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.remainder(held);
    }

    /// <summary>The tensor, and the number where that is more.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor ClampMin(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.clamp_min(held);
    }

    /// <summary>The tensor, and the number where that is more.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor ClampMin(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.clamp_min(held);
    }

    /// <summary>The tensor, and the number where that is less.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor ClampMax(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.clamp_max(held);
    }

    /// <summary>The tensor, and the number where that is less.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor ClampMax(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.clamp_max(held);
    }

    /// <summary>Where the tensor equals the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Eq(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.eq(held);
    }

    /// <summary>Where the tensor equals the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Eq(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.eq(held);
    }

    /// <summary>Where the tensor differs from the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Ne(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.ne(held);
    }

    /// <summary>Where the tensor differs from the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Ne(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.ne(held);
    }

    /// <summary>Where the tensor is above the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Gt(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.gt(held);
    }

    /// <summary>Where the tensor is above the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Gt(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.gt(held);
    }

    /// <summary>Where the tensor is at or above the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Ge(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.ge(held);
    }

    /// <summary>Where the tensor is at or above the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Ge(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.ge(held);
    }

    /// <summary>Where the tensor is below the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Lt(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.lt(held);
    }

    /// <summary>Where the tensor is below the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Lt(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.lt(held);
    }

    /// <summary>Where the tensor is at or below the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Le(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.le(held);
    }

    /// <summary>Where the tensor is at or below the number.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Le(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.le(held);
    }

    /// <summary>Sets every element to the number, in place.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Fill(this Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.fill_(held);
    }

    /// <summary>Sets every element to the number, in place.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="number">The number.</param>
    public static Tensor Fill(this Tensor tensor, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.fill_(held);
    }

    /// <summary>Sets every element, in place.</summary>
    /// <param name="tensor">Of booleans, of any shape.</param>
    /// <param name="truth">The value.</param>
    public static Tensor Fill(this Tensor tensor, bool truth)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = truth.ToScalar();
        return tensor.fill_(held);
    }

    /// <summary>The tensor, held between two numbers.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="least">The least that is left.</param>
    /// <param name="most">The most that is left.</param>
    public static Tensor Clamp(this Tensor tensor, double least, double most)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var low = least.ToScalar();
        using var high = most.ToScalar();
        return tensor.clamp(low, high);
    }

    /// <summary>The tensor, with the number where the mask is set.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="mask">Booleans of a shape that broadcasts to the tensor's.</param>
    /// <param name="number">The number.</param>
    public static Tensor MaskedFill(this Tensor tensor, Tensor mask, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.masked_fill(mask, held);
    }

    /// <summary>The tensor, held between two numbers.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="least">The least that is left.</param>
    /// <param name="most">The most that is left.</param>
    public static Tensor Clamp(this Tensor tensor, long least, long most)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var low = least.ToScalar();
        using var high = most.ToScalar();
        return tensor.clamp(low, high);
    }

    /// <summary>The tensor, with the number where the mask is set.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="mask">Booleans of a shape that broadcasts to the tensor's.</param>
    /// <param name="number">The number.</param>
    public static Tensor MaskedFill(this Tensor tensor, Tensor mask, long number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = number.ToScalar();
        return tensor.masked_fill(mask, held);
    }

    /// <summary>The tensor, with values added to some of its places.</summary>
    /// <param name="tensor">Of any shape.</param>
    /// <param name="dimension">Along which the places are.</param>
    /// <param name="places">Which places.</param>
    /// <param name="values">What is added to each.</param>
    public static Tensor IndexAdd(this Tensor tensor, long dimension, Tensor places, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var held = 1L.ToScalar();
        return tensor.index_add(dimension, places, values, held);
    }

    /// <summary>A tensor of the shape, type and device of another, all of it one number.</summary>
    /// <param name="like">The other.</param>
    /// <param name="number">The number.</param>
    public static Tensor FullLike(Tensor like, double number)
    {
        using var held = number.ToScalar();
        return full_like(like, held);
    }

    /// <summary>A tensor, all of it one number.</summary>
    /// <param name="shape">Its shape; none for a single element.</param>
    /// <param name="number">The number.</param>
    /// <param name="dtype">Its type.</param>
    /// <param name="device">Where it is; null for the default device.</param>
    public static Tensor Full(long[] shape, double number, ScalarType dtype, Device? device = null)
    {
        using var held = number.ToScalar();
        return full(shape, held, dtype, device);
    }

    /// <summary>0, 1, 2, … below a number.</summary>
    /// <param name="count">How many.</param>
    /// <param name="dtype">Their type.</param>
    /// <param name="device">Where they are; null for the default device.</param>
    public static Tensor Arange(long count, ScalarType dtype = ScalarType.Int64, Device? device = null)
    {
        using var held = count.ToScalar();
        return arange(held, dtype, device);
    }
}
