using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineIndexing()
    {
        Define("index numbers", a => [a[1], a[1, 2], a[1, 2, 3], a[-1, -1]]);
        Define("index slices", a =>
        [
            a[1..],
            a[TensorIndex.Colon, TensorIndex.Slice(step: 2)],
            a[TensorIndex.Ellipsis, 1..3],
            a[0, TensorIndex.Ellipsis, ^1],
            a[.., TensorIndex.None, 1..^1],
            a[TensorIndex.None, TensorIndex.Ellipsis, 2],
        ]);
        Define("index tensors", (a, i, j) =>
        [
            a[i],
            a[i, j],
            a[TensorIndex.Colon, TensorIndex.Tensor(j)],
            a[TensorIndex.Ellipsis, TensorIndex.Tensor(j), TensorIndex.None],
            a[1.., TensorIndex.Tensor(j), 2..],
        ]);
        Define("index masks", (a, m, r) => [a[m], a[r], a[TensorIndex.Tensor(r), 1..3]]);
        Define("index set", (a, value, positions, mask) =>
        {
            a[2] = value;
            a.index_put_(0.5.ToScalar(), TensorIndex.Colon, TensorIndex.Single(1));
            a[0, 1..3] = value[..2];
            a.index_put_((-1).ToScalar(), TensorIndex.Tensor(mask));
            a[TensorIndex.Tensor(positions), 3] = value[0];
            return [a];
        });
        Define("index_put accumulate", (a, v, i) => [a.index_put_(v, [i], accumulate: true)]);
        Define("gather", (a, i) => [a.gather(0, i)]);
        Define("scatter", (a, s, i) => [a.scatter(0, i, s), a.scatter_add(0, i, s)]);
        Define("index_select", (a, i) => [a.index_select(1, i)]);
        Define("index_add", (a, s, i) => [a.index_add(0, i, s, 0.5)]);
        Define("index_fill", (a, i) => [a.index_fill(0, i, 0.5)]);
        Define("take", (a, i) => [a.take(i)]);
        Define("take_along_dim", a => [a.take_along_dim(a.argsort(1), 1)]);
        Define("where", (c, a, b) => [where(c, a, b), a.where(c, b)]);
        Define("masked_fill", (a, m) => [a.masked_fill(m, -1.5)]);
        Define("masked_select", (a, m) => [a.masked_select(m)]);
        Define("nonzero", a => [a.nonzero(), a.argwhere()]);
        Define("triangles", a => [a.tril(), a.triu(1), a.tril(-1)]);
        Define("triangle indices", _ => [tril_indices(3, 3), triu_indices(3, 4, 1)]);
    }
}
