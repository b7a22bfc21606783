using System.Numerics;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Codebook;

/// <summary>
/// Weights by a codebook in one pass over memory forward and one backward: for dense float32 and float64 weights on the CPU. The formula:
/// <see cref="CodebookOperators"/>.
/// </summary>
internal static unsafe class FusedCodebook
{
    /// <summary>The weights whose places are found before their gradients are added up.</summary>
    private const int Stretch = 1024;

    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor weight, KernelChoice kernels) => kernels == KernelChoice.Fused && DenseMemory.Serves(weight);

    /// <summary>ŵ, laid out as the weight is.</summary>
    public static Tensor Forward(Tensor weight, Tensor levels) =>
        weight.dtype == ScalarType.Float32 ? Forward<float>(weight, levels) : Forward<double>(weight, levels);

    /// <summary>∂L/∂level, divided by √n where it is to be scaled.</summary>
    public static Tensor BackwardLevels(Tensor gradient, Tensor weight, Tensor levels, bool isScaled) =>
        weight.dtype == ScalarType.Float32
            ? BackwardLevels<float>(gradient, weight, levels, isScaled)
            : BackwardLevels<double>(gradient, weight, levels, isScaled);

    private static Tensor Forward<T>(Tensor weight, Tensor levels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var table = levels.data<T>().ToArray();
        var nearest = new NearestLevel<T>(table, Middles(table));
        var quantized = empty_like(weight);
        using var w = new DenseMemory<T>(weight);
        using var target = new DenseMemory<T>(quantized);
        Blocks.Run(weight.numel(), (_, start, length) =>
        {
            var step = new CodebookForwardOperator<T>(nearest);
            VectorLoop.Run(ref step, w.From(start), w.From(start), target.From(start), length);
        });
        return quantized;
    }

    private static Tensor BackwardLevels<T>(Tensor gradient, Tensor weight, Tensor levels, bool isScaled)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var middles = Middles(levels.data<T>().ToArray());
        // The level of a place is its number.
        var places = new NearestLevel<T>([.. Enumerable.Range(0, middles.Length + 1).Select(T.CreateChecked)], middles);
        using var w = new DenseMemory<T>(weight);
        using var g = DenseMemory<T>.LaidOutAs(weight, gradient);
        var sums = new double[Blocks.Count(weight.numel())][];
        Blocks.Run(weight.numel(), (block, start, length) =>
            sums[block] = SumByLevel(w.From(start), g.From(start), length, places, middles.Length + 1));
        var whole = new double[middles.Length + 1];
        for (var i = 0; i < whole.Length; i++)
        {
            var (sum, count) = (sums.Sum(block => block[i]), sums.Sum(block => block[whole.Length + i]));
            whole[i] = isScaled ? sum / Math.Sqrt(Math.Max(count, 1)) : sum;
        }

        using var numbers = tensor(whole, dtype: ScalarType.Float64);
        return numbers.to(levels.dtype, copy: true);
    }

    /// <summary>The sums of all levels, and behind them how many weights have each.</summary>
    private static double[] SumByLevel<T>(T* weights, T* gradients, long count, NearestLevel<T> places, int levels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sums = new double[2 * levels];
        var found = stackalloc T[Stretch];
        for (var start = 0L; start < count; start += Stretch)
        {
            var length = (int)Math.Min(Stretch, count - start);
            var step = new CodebookPlaceOperator<T>(places);
            VectorLoop.Run(ref step, weights + start, weights + start, found, length);
            for (var i = 0; i < length; i++)
            {
                if (!T.IsNaN(weights[start + i]))
                {
                    var place = int.CreateTruncating(found[i]);
                    sums[place] += double.CreateChecked(gradients[start + i]);
                    sums[levels + place]++;
                }
            }
        }

        return sums;
    }

    private static T[] Middles<T>(T[] levels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => [.. levels.Zip(levels.Skip(1), (low, high) => (low + high) / T.CreateChecked(2))];
}
