using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineReductions()
    {
        Define("sum", a => [a.sum(), a.sum(1), a.sum([0L, 2L], keepdim: true)]);
        Define("sum integers", a => [a.sum(), a.sum(dim: 0)]);
        Define("mean", a => [a.mean(), a.mean([0L, 2L]), a.mean([1L], true)]);
        Define("prod", a => [a.prod(), a.prod(1, true)]);
        Define("var", a => [a.var(), a.var(false), a.var(1), a.var([0L, 2L], false, true)]);
        Define("std", a => [a.std(), a.std(1, false), a.std((0, 2), keepdim: true)]);
        Define("var_mean", a => [.. Both(a.var_mean(1)), .. Both(a.std_mean(false))]);
        Define("norm", a => [a.norm(), a.norm(1f), a.norm(1, p: 2), a.norm(0, true, 3)]);
        Define("logsumexp", a => [a.logsumexp(1)]);
        Define("max", a => [a.max(), .. Both(a.max(1)), .. Both(a.max(2, true))]);
        Define("min", a => [a.min(), .. Both(min(a, 1))]);
        Define("amax", a => [a.amax(0, 2), a.amin([1L], true)]);
        Define("aminmax", a => Both(a.aminmax(1)));
        Define("argmax", a => [a.argmax(), a.argmax(1), a.argmin(2, true)]);
        Define("all any", a => [a.all(), a.any(), a.all(1), a.any(0, true)]);
        Define("count_nonzero", a => [a.count_nonzero(), a.count_nonzero([0])]);
        Define("cumsum", a => [a.cumsum(1), a.cumprod(0)]);
        Define("cummax", a => [.. Both(a.cummax(1)), .. Both(a.cummin(1))]);
        Define("logcumsumexp", a => [a.logcumsumexp(1)]);
        Define("diff", a => [a.diff()]);
        Define("median", a => [a.median()]);
        Define("kthvalue", a => Both(a.kthvalue(2, 1)));
        Define("mode", a => [a.mode(1).Item1]);
        Define("quantile", (a, q) => [a.quantile(q, 1)]);
        Define("histc", a => [a.histc(4, -2, 2)]);
        Define("bincount", a => [bincount(a, minlength: 7)]);
        Define("nansum", a => [a.log().nansum(), a.log().nanmean()]);

        Define("sort", a => [.. Both(a.sort(1)), .. Both(a.sort(0, descending: true))]);
        Define("argsort", a => [a.argsort(1, descending: true)]);
        Define("topk", a => [.. Both(a.topk(3)), .. Both(a.topk(2, 1, largest: false))]);
        Define("unique", a =>
        {
            var (values, inverse, counts) = a.unique(return_inverse: true, return_counts: true);
            return [values, inverse, counts];
        });
        Define("bucketize", (a, b) => [a.bucketize(b.sort().Item1)]);
    }
}
