using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Levels;

/// <summary>
/// Rounding to levels in one pass over memory forward and at most two backward: for dense float32 and float64 tensors on the CPU. The
/// formula: <see cref="LevelOperators"/>.
/// </summary>
internal static unsafe class FusedLevels
{
    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor input, LevelForm form) => form.Kernels == KernelChoice.Fused && DenseMemory.Serves(input);

    /// <summary>A scalar in float32 or float64. On the CPU this reads memory; there is nothing to wait for.</summary>
    public static double Number(Tensor scalar) => scalar.dtype == ScalarType.Float32 ? scalar.item<float>() : scalar.item<double>();

    /// <summary>x̂, laid out as the input is.</summary>
    public static Tensor Forward(Tensor input, double range, LevelForm form) =>
        input.dtype == ScalarType.Float32 ? Forward<float>(input, range, form) : Forward<double>(input, range, form);

    /// <summary>∂L/∂x, laid out as the input is.</summary>
    public static Tensor BackwardInput(Tensor gradient, Tensor input, double range, LevelForm form) => input.dtype == ScalarType.Float32
        ? BackwardInput<float>(gradient, input, range, form)
        : BackwardInput<double>(gradient, input, range, form);

    /// <summary>∂L/∂α; 0 where α is.</summary>
    public static double BackwardRange(Tensor gradient, Tensor input, double range, LevelForm form) =>
        range == 0 ? 0
        : input.dtype == ScalarType.Float32 ? BackwardRange<float>(gradient, input, range, form)
        : BackwardRange<double>(gradient, input, range, form);

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

    private static Tensor BackwardInput<T>(Tensor gradient, Tensor input, double range, LevelForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vectors = new LevelVectors<T>(T.CreateChecked(range), form);
        var result = empty_like(input);
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var target = new DenseMemory<T>(result);
        Blocks.Run(input.numel(), (_, start, length) =>
        {
            var step = new LevelInputOperator<T>(vectors, form.PassesOutside || range == 0);
            VectorLoop.Run(ref step, x.From(start), g.From(start), target.From(start), length);
        });
        return result;
    }

    private static double BackwardRange<T>(Tensor gradient, Tensor input, double range, LevelForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fresh = new LevelRangeOperator<T>(new LevelVectors<T>(T.CreateChecked(range), form));
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        var sums = new (double Outside, double Inside)[Blocks.Count(input.numel())];
        Blocks.Run(input.numel(), (block, start, length) => sums[block] = BlockSums.Run(
            fresh, x.From(start), g.From(start), null, length, static s => (s.Outside, s.Inside)));
        return sums.Sum(s => s.Outside) + (sums.Sum(s => s.Inside) / double.CreateChecked(T.CreateChecked(range)));
    }
}
