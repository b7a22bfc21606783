using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Uniform;

/// <summary>
/// Uniform grids in one pass over memory forward and one backward, whatever the granularity: for dense float32 and float64 tensors on the
/// CPU. The formula: <see cref="UniformOperators"/>.
/// </summary>
internal static unsafe class FusedUniform
{
    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor input, Granularity granularity, KernelChoice kernels) =>
        kernels == KernelChoice.Fused && ScaleLoop<float>.Serves(input, granularity);

    /// <summary>Whether ranges are found here: where rows are long enough to go through one by one.</summary>
    public static bool ServesRange(Tensor input, Granularity granularity, KernelChoice kernels) =>
        kernels == KernelChoice.Fused && RowWalk.Serves(input, granularity)
        && RowWalk.Of(input, granularity) is { Scales: 1 } or { Length: >= ScaleLoop<float>.ShortestRow };

    /// <summary>x̂, laid out as the input is.</summary>
    public static Tensor Forward(Tensor input, Tensor numbers, UniformForm form) => input.dtype == ScalarType.Float32
        ? Forward<float>(input, numbers, form)
        : Forward<double>(input, numbers, form);

    /// <summary>∂L/∂x, laid out as the input is.</summary>
    public static Tensor Backward(Tensor gradient, Tensor input, Tensor numbers, UniformForm form) => input.dtype == ScalarType.Float32
        ? Backward<float>(gradient, input, numbers, form)
        : Backward<double>(gradient, input, numbers, form);

    /// <summary>The smallest and the largest of the finite elements and 0, scale by scale.</summary>
    public static (double[] Low, double[] High) Range(Tensor input, Granularity granularity) => input.dtype == ScalarType.Float32
        ? Range<float>(input, granularity)
        : Range<double>(input, granularity);

    private static Tensor Forward<T>(Tensor input, Tensor numbers, UniformForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var quantized = empty_like(input);
        using var loop = new ScaleLoop<T>(input, form.Granularity, numbers);
        using var x = new DenseMemory<T>(input);
        using var target = new DenseMemory<T>(quantized);
        var codes = new UniformCodes<T>(form);
        if (form.Overflow == CodeOverflow.Wrap)
        {
            loop.Run<UniformCodes<T>, WrappingOperator<T>>(codes, x, x, target);
        }
        else
        {
            loop.Run<UniformCodes<T>, SaturatingOperator<T>>(codes, x, x, target);
        }

        return quantized;
    }

    private static Tensor Backward<T>(Tensor gradient, Tensor input, Tensor numbers, UniformForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (form.Overflow == CodeOverflow.Wrap)
        {
            return gradient.clone();
        }

        var result = empty_like(input);
        using var loop = new ScaleLoop<T>(input, form.Granularity, numbers);
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var target = new DenseMemory<T>(result);
        loop.Run<UniformCodes<T>, UniformBackwardOperator<T>>(new UniformCodes<T>(form), x, g, target);
        return result;
    }

    private static (double[] Low, double[] High) Range<T>(Tensor input, Granularity granularity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = RowWalk.Of(input, granularity);
        using var x = new DenseMemory<T>(input);
        return rows.Fold(
            input.numel(),
            (_, from, count) =>
            {
                var step = default(RangeOperator<T>);
                VectorLoop.Run(ref step, x.From(from), x.From(from), null, count);
                return (Across(step.Low, T.Min), Across(step.High, T.Max));
            },
            Math.Min, Math.Max);
    }

    private static double Across<T>(Vector<T> values, Func<T, T, T> of)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = values[0];
        for (var i = 1; i < Vector<T>.Count; i++)
        {
            result = of(result, values[i]);
        }

        return double.CreateChecked(result);
    }
}
