using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.DoReFaGradients;

/// <summary>σ, uniform on [−½, ½).</summary>
/// <remarks>
/// It follows from one number that torch's default generator gives: whoever restores that generator's state, a seed, a checkpoint, or a
/// refused step, restores the noise, also on a device with generators of its own.
/// </remarks>
internal static unsafe class GradientNoise
{
    /// <summary>A number from torch's default generator.</summary>
    public static ulong Seed()
    {
        using var number = randint(long.MaxValue, [1], dtype: ScalarType.Int64);
        return (ulong)number.item<long>();
    }

    /// <summary>Noise for each element of a gradient, on its device. On the CPU element by element in the order of memory.</summary>
    public static Tensor For(Tensor gradient, ulong seed)
    {
        using var scope = NewDisposeScope();
        var type = GradientOperators.TypeFor(gradient);
        var noise = empty_like(gradient, dtype: ScalarType.Float32);
        if (!DenseMemory.Serves(noise))
        {
            using var generator = new Generator(seed, gradient.device);
            return rand(gradient.shape, dtype: type, device: gradient.device, generator: generator).Sub(0.5).MoveToOuterDisposeScope();
        }

        using (var target = new DenseMemory<float>(noise))
        {
            Blocks.Run(noise.numel(), (_, start, length) =>
            {
                var step = new NoiseOperator(seed, start);
                VectorLoop.Run(ref step, target.From(start), target.From(start), target.From(start), length);
            });
        }

        return (type == ScalarType.Float32 ? noise : noise.to(type)).MoveToOuterDisposeScope();
    }
}
