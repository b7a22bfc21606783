using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Linear and bilinear maps, and one-hot codes.
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor bias = null) => Aten.Linear.Call(input, weights, bias);

            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor bias = null)
                => Aten.Bilinear.Call(input1, input2, weight, bias);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.OneHot.Call(x, num_classes);
        }
    }
}

file static class Aten
{
    internal static readonly Op Bilinear = new("aten::bilinear");
    internal static readonly Op Linear = new("aten::linear");
    internal static readonly Op OneHot = new("aten::one_hot");
}
