using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Lowering;

/// <summary>Tensors of TorchSharp as numbers of a graph, and back.</summary>
internal static class TensorNumbers
{
    /// <summary>The numbers of a tensor of any type and layout, on any device: as float32 where that holds them, else as float64.</summary>
    public static GraphTensor Of(Tensor tensor)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var shape = new Shape(tensor.shape);
        var isSingle = tensor.dtype is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Bool
            or ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16;
        var numbers = tensor.detach().cpu().to(isSingle ? ScalarType.Float32 : ScalarType.Float64).contiguous();
        return isSingle
            ? GraphTensor.Of(shape, numbers.data<float>().ToArray())
            : GraphTensor.Of(shape, numbers.data<double>().ToArray());
    }
}
