using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Small tables of numbers, a column a scale.</summary>
internal static class ScaleTable
{
    /// <summary>A tensor with a row for each list, or of one dimension where there is one list.</summary>
    public static Tensor Of(ScalarType type, params double[][] rows)
    {
        using var scope = NewDisposeScope();
        Tensor[] tensors = [.. rows.Select(row => tensor(row, dtype: ScalarType.Float64))];
        return (tensors.Length == 1 ? tensors[0] : stack(tensors)).to(type, copy: true).MoveToOuterDisposeScope();
    }

    /// <summary>A scalar in float32 or float64. On the CPU this reads memory; there is nothing to wait for.</summary>
    public static double Number(Tensor scalar) => scalar.dtype == ScalarType.Float32 ? scalar.item<float>() : scalar.item<double>();
}
