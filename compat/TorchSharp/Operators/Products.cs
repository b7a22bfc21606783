using TorchSharp.Interop;

namespace TorchSharp;

// Matrix products and the sums built on them.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Aten.Matmul.Call(this, target);
        public Tensor mm(Tensor target) => Aten.Mm.Call(this, target);
        public Tensor bmm(Tensor batch2) => Aten.Bmm.Call(this, batch2);
        public Tensor mv(Tensor target) => Aten.Mv.Call(this, target);
        public Tensor dot(Tensor target) => Aten.Dot.Call(this, target);
        public Tensor vdot(Tensor target) => Aten.Vdot.Call(this, target);
        public Tensor inner(Tensor vec2) => Aten.Inner.Call(this, vec2);
        public Tensor outer(Tensor vec2) => Aten.Outer.Call(this, vec2);
        public Tensor ger(Tensor vec2) => outer(vec2);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f)
            => Aten.Addmm.Call(this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f)
            => Aten.AddmmInPlace.CallInPlace(this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f)
            => Aten.Addmv.Call(this, mat, vec, (double)beta, (double)alpha);

        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f)
            => Aten.AddmvInPlace.CallInPlace(this, mat, vec, (double)beta, (double)alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f)
            => Aten.Addr.Call(this, vec1, vec2, (double)beta, (double)alpha);

        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f)
            => Aten.AddrInPlace.CallInPlace(this, vec1, vec2, (double)beta, (double)alpha);

        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f)
            => Aten.Addbmm.Call(this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f)
            => Aten.AddbmmInPlace.CallInPlace(this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f)
            => Aten.Baddbmm.Call(this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor tensordot(Tensor b, long dims = 2) => tensordot(b, LastDims(dim(), dims), FirstDims(dims));
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Aten.Tensordot.Call(this, b, dims1, dims2);

        public Tensor tensordot(Tensor b, (long, long)[] dims)
            => tensordot(b, dims.Select(d => d.Item1).ToArray(), dims.Select(d => d.Item2).ToArray());

        public Tensor kron(Tensor other) => Aten.Kron.Call(this, other);
        public Tensor matrix_power(int n) => Aten.MatrixPower.Call(this, n);

        private static long[] LastDims(long rank, long count) => FirstDims(count).Select(d => rank - count + d).ToArray();
        private static long[] FirstDims(long count) => Enumerable.Range(0, (int)count).Select(d => (long)d).ToArray();
    }

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);
    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);
    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);
    public static Tensor ger(Tensor input, Tensor vec2) => input.ger(vec2);
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);
    public static Tensor addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm_(mat1, mat2, beta, alpha);
    public static Tensor addmv(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv(mat1, mat2, beta, alpha);
    public static Tensor addmv_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv_(mat1, mat2, beta, alpha);

    public static Tensor addr(Tensor input, Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f)
        => input.addr(vec1, vec2, beta, alpha);

    public static Tensor addr_(Tensor input, Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f)
        => input.addr_(vec1, vec2, beta, alpha);

    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f)
        => input.addbmm(batch1, batch2, beta, alpha);

    public static Tensor addbmm_(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f)
        => input.addbmm_(batch1, batch2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f)
        => input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);
    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);
    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Aten.Einsum.Call(equation, tensors, Value.None);

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2,
        compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary)
        => Aten.Cdist.Call(x1, x2, p, (long)compute_mode);

    public static Tensor chain_matmul(params Tensor[] matrices) => Aten.LinalgMultiDot.Call(matrices);
}

file static class Aten
{
    internal static readonly Op Addbmm = new("aten::addbmm");
    internal static readonly Op AddbmmInPlace = new("aten::addbmm_");
    internal static readonly Op Addmm = new("aten::addmm");
    internal static readonly Op AddmmInPlace = new("aten::addmm_");
    internal static readonly Op Addmv = new("aten::addmv");
    internal static readonly Op AddmvInPlace = new("aten::addmv_");
    internal static readonly Op Addr = new("aten::addr");
    internal static readonly Op AddrInPlace = new("aten::addr_");
    internal static readonly Op Baddbmm = new("aten::baddbmm");
    internal static readonly Op Bmm = new("aten::bmm");
    internal static readonly Op Cdist = new("aten::cdist");
    internal static readonly Op Dot = new("aten::dot");
    internal static readonly Op Einsum = new("aten::einsum");
    internal static readonly Op Inner = new("aten::inner");
    internal static readonly Op Kron = new("aten::kron");
    internal static readonly Op LinalgMultiDot = new("aten::linalg_multi_dot");
    internal static readonly Op Matmul = new("aten::matmul");
    internal static readonly Op MatrixPower = new("aten::matrix_power");
    internal static readonly Op Mm = new("aten::mm");
    internal static readonly Op Mv = new("aten::mv");
    internal static readonly Op Outer = new("aten::outer");
    internal static readonly Op Tensordot = new("aten::tensordot");
    internal static readonly Op Vdot = new("aten::vdot");
}
