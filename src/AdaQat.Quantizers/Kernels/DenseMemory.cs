using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>
/// Which tensors the kernels can walk through: those whose elements fill CPU memory without gaps, in any order of dimensions.
/// </summary>
internal static class DenseMemory
{
    /// <summary>Whether the kernels can: float32 or float64, and no more than a span of bytes can hold.</summary>
    public static bool Serves(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU
        && tensor.dtype is ScalarType.Float32 or ScalarType.Float64
        && !tensor.is_sparse
        && tensor.numel() * tensor.element_size() <= int.MaxValue
        && IsDense(tensor);

    /// <summary>
    /// Whether elements lie in memory one after the other, each once: contiguous, channels-last, or transposed otherwise.
    /// </summary>
    private static bool IsDense(Tensor tensor)
    {
        if (tensor.is_contiguous())
        {
            return true;
        }

        var expected = 1L;
        foreach (var (stride, size) in tensor.stride().Zip(tensor.shape).Where(d => d.Second > 1).OrderBy(d => d.First))
        {
            if (stride != expected)
            {
                return false;
            }

            expected *= size;
        }

        return true;
    }
}
