using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Gradients;

/// <summary>σ, uniform on [−½, ½).</summary>
internal static class GradientNoise
{
    /// <summary>
    /// Noise for each element of a gradient, on its device. It follows from one number that torch's default generator gives: whoever
    /// restores that generator's state, a seed, a checkpoint, or a refused step, restores the noise, also on a device with generators of
    /// its own.
    /// </summary>
    public static Tensor For(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var seed = (ulong)randint(long.MaxValue, [1], dtype: ScalarType.Int64).item<long>();
        using var generator = new Generator(seed, gradient.device);
        return rand(gradient.shape, dtype: GradientOperators.TypeFor(gradient), device: gradient.device, generator: generator)
            .sub(0.5).MoveToOuterDisposeScope();
    }
}
