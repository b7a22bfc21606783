using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Levels;

/// <summary>
/// Rounding to levels in one pass over memory forward and one backward: for dense float32 and float64 tensors on the CPU. The formula:
/// <see cref="LevelOperators"/>.
/// </summary>
internal static unsafe class FusedLevels
{
    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor input, LevelForm form) => form.Kernels == KernelChoice.Fused && DenseMemory.Serves(input);

    /// <summary>x̂, laid out as the input is.</summary>
    public static Tensor Forward(Tensor input, double range, LevelForm form) =>
        input.dtype == ScalarType.Float32 ? Forward<float>(input, range, form) : Forward<double>(input, range, form);

    /// <summary>∂L/∂x, into a tensor that is laid out as the input is.</summary>
    public static void BackwardInput(Tensor gradient, Tensor input, double range, LevelForm form, Tensor forInput)
    {
        if (input.dtype == ScalarType.Float32)
        {
            BackwardInput<float>(gradient, input, range, form, forInput);
        }
        else
        {
            BackwardInput<double>(gradient, input, range, form, forInput);
        }
    }

    /// <summary>∂L/∂α, 0 where α is; and ∂L/∂x in the same pass, where it is needed.</summary>
    /// <param name="gradient">∂L/∂x̂.</param>
    /// <param name="input">x.</param>
    /// <param name="range">α.</param>
    /// <param name="form">The formula.</param>
    /// <param name="forInput">Gets ∂L/∂x: laid out as the input is; null where it is not needed.</param>
    public static double BackwardRange(Tensor gradient, Tensor input, double range, LevelForm form, Tensor? forInput)
    {
        if (range != 0)
        {
            return input.dtype == ScalarType.Float32
                ? BackwardRange<float>(gradient, input, range, form, forInput)
                : BackwardRange<double>(gradient, input, range, form, forInput);
        }

        if (forInput is not null)
        {
            BackwardInput(gradient, input, range, form, forInput);
        }

        return 0;
    }

    private static Tensor Forward<T>(Tensor input, double range, LevelForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vectors = new LevelVectors<T>(T.CreateChecked(range), form);
        var quantized = empty_like(input);
        using var x = new DenseMemory<T>(input);
        using var target = new DenseMemory<T>(quantized);
        Blocks.Run(input.numel(), (_, start, length) =>
        {
            var step = new LevelForwardOperator<T>(vectors);
            VectorLoop.Run(ref step, x.From(start), x.From(start), target.From(start), length);
        });
        return quantized;
    }

    private static void BackwardInput<T>(Tensor gradient, Tensor input, double range, LevelForm form, Tensor forInput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var ends = new LevelEnds<T>(T.CreateChecked(range), form);
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var target = new DenseMemory<T>(forInput);
        Blocks.Run(input.numel(), (_, start, length) =>
        {
            var step = new LevelInputOperator<T>(ends, form.PassesOutside || range == 0);
            VectorLoop.Run(ref step, x.From(start), g.From(start), target.From(start), length);
        });
    }

    private static double BackwardRange<T>(Tensor gradient, Tensor input, double range, LevelForm form, Tensor? forInput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fresh = new LevelRangeOperator<T>(
            new LevelVectors<T>(T.CreateChecked(range), form), new LevelEnds<T>(T.CreateChecked(range), form), form.PassesOutside);
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var target = forInput is null ? null : new DenseMemory<T>(forInput);
        var sums = new (double Outside, double Inside)[Blocks.Count(input.numel())];
        Blocks.Run(input.numel(), (block, start, length) => sums[block] = BlockSums.Run(
            fresh, x.From(start), g.From(start), target is null ? null : target.From(start), length, static s => (s.Outside, s.Inside)));
        return sums.Sum(s => s.Outside) + (sums.Sum(s => s.Inside) / double.CreateChecked(T.CreateChecked(range)));
    }
}
