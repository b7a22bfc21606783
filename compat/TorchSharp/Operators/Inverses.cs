using TorchSharp.Interop;

namespace TorchSharp;

// Determinants and inverses of matrices.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor det() => Aten.Det.Call(this);
        public Tensor inverse() => Aten.Inverse.Call(this);
    }

    public static Tensor det(Tensor input) => input.det();
    public static Tensor inverse(Tensor input) => input.inverse();
}

file static class Aten
{
    internal static readonly Op Det = new("aten::det");
    internal static readonly Op Inverse = new("aten::inverse");
}
