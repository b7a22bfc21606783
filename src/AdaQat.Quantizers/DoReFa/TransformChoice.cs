using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.DoReFa;

/// <summary>Whether tanh suits a weight: by what it alone, without any rounding, would do to it.</summary>
/// <remarks>
/// The damage is ‖a·tanh(w) − w‖ / ‖w‖ with a = mean|w| / mean|tanh w|, the scale being no matter. Weights of a usual random start
/// are small, where tanh is nearly straight. Those of a trained network may not be, and what tanh does to them no width gives back.
/// </remarks>
internal static class TransformChoice
{
    /// <summary>The damage up to which tanh is taken; docs/method.md says how it was found.</summary>
    public const double LargestDamage = 0.02;

    /// <summary>Below this tanh(w) = w to the last bit of float32 but one.</summary>
    private const double Straight = 1e-3;

    /// <summary>What suits a weight; null where there is nothing to tell it by: no element, or none that is finite and not zero.</summary>
    public static WeightTransform? For(Tensor weight) =>
        Damage(weight) is not { } damage ? null : damage <= LargestDamage ? WeightTransform.Tanh : WeightTransform.Linear;

    /// <summary>The relative error that tanh alone makes in the finite elements of a weight; null where all of them are zero.</summary>
    public static double? Damage(Tensor weight)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var w = Finite(weight.detach());
        if (w.numel() == 0)
        {
            return null;
        }

        var largest = Number(w.abs().max());
        if (largest <= Straight)
        {
            return largest == 0 ? null : 0;
        }

        // Divided by the largest, so that no square leaves the range of its type.
        var t = w.tanh();
        var exact = w.Div(largest);
        var error = t.mul(exact.abs().mean().div(t.abs().mean())).sub(exact);
        return Number(error.norm()) / Number(exact.norm());
    }

    private static Tensor Finite(Tensor weight)
    {
        var w = weight.dtype is ScalarType.Float32 or ScalarType.Float64 ? weight : weight.to(ScalarType.Float32);
        var isFinite = w.isfinite();
        return isFinite.all().item<bool>() ? w : w.masked_select(isFinite);
    }

    private static double Number(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();
}
