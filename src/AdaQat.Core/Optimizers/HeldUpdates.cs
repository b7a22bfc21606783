using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Optimizers;

/// <summary>What a step does to a tensor, in its own memory, with the numbers held.</summary>
internal static class HeldUpdates
{
    /// <summary>tensor ← tensor · number.</summary>
    public static Tensor MulInPlace(this Tensor tensor, double number)
    {
        using var held = number.ToScalar();
        return tensor.mul_(held);
    }

    /// <summary>tensor ← tensor + number.</summary>
    public static Tensor AddInPlace(this Tensor tensor, double number)
    {
        using var held = number.ToScalar();
        using var once = 1L.ToScalar();
        return tensor.add_(held, once);
    }

    /// <summary>tensor ← tensor + times · other.</summary>
    public static Tensor AddInPlace(this Tensor tensor, Tensor other, double times)
    {
        using var held = times.ToScalar();
        return tensor.add_(other, held);
    }

    /// <summary>tensor ← tensor + times · left · right.</summary>
    public static Tensor AddProductInPlace(this Tensor tensor, Tensor left, Tensor right, double times)
    {
        using var held = times.ToScalar();
        return tensor.addcmul_(left, right, held);
    }

    /// <summary>tensor ← tensor + times · left / right.</summary>
    public static Tensor AddQuotientInPlace(this Tensor tensor, Tensor left, Tensor right, double times)
    {
        using var held = times.ToScalar();
        return tensor.addcdiv_(left, right, held);
    }

    /// <summary>tensor + times · other, a new one.</summary>
    public static Tensor Add(this Tensor tensor, Tensor other, double times)
    {
        using var held = times.ToScalar();
        return tensor.add(other, held);
    }
}
