using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineProducts()
    {
        Define("matmul", (a, b) => [a.matmul(b), a.mm(b)]);
        Define("matmul batch", (a, b) => [matmul(a, b)]);
        Define("bmm", (a, b) => [a.bmm(b)]);
        Define("vectors", (a, b, m) => [a.dot(b), a.outer(b), m.mv(a), a.inner(b)]);
        Define("addmm", (c, a, b) => [c.addmm(a, b, beta: 0.5f, alpha: 2)]);
        Define("baddbmm", (c, a, b) => [c.baddbmm(a, b, beta: 0.5f, alpha: 2)]);
        Define("einsum", (a, b) => [einsum("bij,bjk->bik", a, b)]);
        Define("tensordot", (a, b) => [tensordot(a, b)]);
        Define("kron", (a, b) => [a.kron(b)]);
        Define("cdist", (a, b) => [cdist(a, b)]);
        Define("linalg", a =>
        [
            linalg.norm(a),
            linalg.norm(a, [1L]),
            linalg.vector_norm(a, 3, [0L], true),
            linalg.svdvals(a),
            linalg.cholesky(a.matmul(a.t()) + eye(3, dtype: a.dtype)),
        ]);
        Define("det", a => [a.det(), (a + 3 * eye(3, dtype: a.dtype)).inverse(), a.trace()]);
    }
}
