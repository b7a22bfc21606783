using TorchSharp.Interop;

namespace TorchSharp;

// torch.linalg: norms, inverses, solutions and decompositions.
public static partial class torch
{
    public static partial class linalg
    {
        public static Tensor norm(Tensor input, long[] dims = null, bool keepdim = false)
            => Aten.LinalgNorm.Call(input, Value.None, dims, keepdim, Value.None);
        public static Tensor norm(Tensor input, double ord, long[] dims = null, bool keepdim = false)
            => Aten.LinalgNorm.Call(input, ord, dims, keepdim, Value.None);
        public static Tensor norm(Tensor input, int ord, long[] dims = null, bool keepdim = false)
            => Aten.LinalgNorm.Call(input, ord, dims, keepdim, Value.None);
        public static Tensor norm(Tensor input, string ord, long[] dims = null, bool keepdim = false)
            => Aten.LinalgNormOrdStr.Call(input, ord, dims, keepdim, Value.None);
        public static Tensor vector_norm(Tensor input, double ord = 2, long[] dims = null, bool keepdim = false)
            => Aten.LinalgVectorNorm.Call(input, ord, dims, keepdim, Value.None);

        public static Tensor det(Tensor input) => Aten.LinalgDet.Call(input);
        public static Tensor inv(Tensor input) => Aten.LinalgInv.Call(input);
        public static Tensor cholesky(Tensor input) => Aten.LinalgCholesky.Call(input, false);
        public static Tensor svdvals(Tensor input) => Aten.LinalgSvdvals.Call(input, Value.None);
        public static Tensor multi_dot(IList<Tensor> tensors) => Aten.LinalgMultiDot.Call(tensors.ToArray());
        public static (Tensor, Tensor, Tensor) svd(Tensor input, bool fullMatrices = true)
            => Aten.LinalgSvd.Call3(input, fullMatrices, Value.None);
    }
}

file static class Aten
{
    internal static readonly Op LinalgCholesky = new("aten::linalg_cholesky");
    internal static readonly Op LinalgDet = new("aten::linalg_det");
    internal static readonly Op LinalgInv = new("aten::linalg_inv");
    internal static readonly Op LinalgMultiDot = new("aten::linalg_multi_dot");
    internal static readonly Op LinalgNorm = new("aten::linalg_norm");
    internal static readonly Op LinalgNormOrdStr = new("aten::linalg_norm", "ord_str");
    internal static readonly Op LinalgSvd = new("aten::linalg_svd");
    internal static readonly Op LinalgSvdvals = new("aten::linalg_svdvals");
    internal static readonly Op LinalgVectorNorm = new("aten::linalg_vector_norm");
}
