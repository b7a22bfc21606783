using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineLosses()
    {
        Define("cross_entropy", (x, t, w) =>
        [
            .. Each(r => cross_entropy(x, t, reduction: r)),
            cross_entropy(x, t, w),
            cross_entropy(x, t, w, label_smoothing: 0.1),
        ]);
        Define("cross_entropy ignored", (x, t) => [cross_entropy(x, t, ignore_index: t[0].item<long>())]);
        Define("cross_entropy images", (x, t) => [cross_entropy(x, t)]);
        Define("cross_entropy probabilities", (x, t) => [cross_entropy(x, t)]);
        Define("nll_loss", (x, t, w) => [.. Each(r => nll_loss(x, t, reduction: r)), nll_loss(x, t, w)]);
        Define("mse_loss", (x, t) => Each(r => mse_loss(x, t, r)));
        Define("l1_loss", (x, t) => Each(r => l1_loss(x, t, r)));
        Define("smooth_l1_loss", (x, t) => Each(r => smooth_l1_loss(x, t, r, 0.5)));
        Define("huber_loss", (x, t) => Each(r => huber_loss(x, t, 0.5, r)));
        Define("binary_cross_entropy", (x, t, w) => [binary_cross_entropy(x, t), binary_cross_entropy(x, t, w, Reduction.Sum)]);
        Define("binary_cross_entropy_with_logits", (x, t, w) =>
        [
            binary_cross_entropy_with_logits(x, t),
            binary_cross_entropy_with_logits(x, t, w, Reduction.Sum, w),
        ]);
        Define("kl_div", (x, t) => [kl_div(x, t, false, Reduction.Sum), kl_div(x, t.log(), reduction: Reduction.None)]);
        Define("margin losses", (x, t, a, b) =>
        [
            multi_margin_loss(x, t),
            soft_margin_loss(a, b.sign()),
            margin_ranking_loss(a, b, b.sign(), 0.5),
            hinge_embedding_loss(a, b.sign(), 1),
        ]);
        Define("multilabel losses", (x, t, w) =>
        [
            multilabel_soft_margin_loss(x, t.to_type(x.dtype)),
            multilabel_soft_margin_loss(x, t.to_type(x.dtype), w, Reduction.Sum),
        ]);
        Define("poisson_nll_loss", (x, t) => [poisson_nll_loss(x, t), poisson_nll_loss(x.abs(), t, false, true, reduction: Reduction.Sum)]);
        Define("embedding losses", (a, b, c, s) =>
        [
            cosine_embedding_loss(a, b, s.sign(), 0.1),
            triplet_margin_loss(a, b, c),
            cosine_similarity(a, b),
            pairwise_distance(a, b),
            triplet_margin_with_distance_loss(a, b, c, swap: true),
        ]);
        Define("ctc_loss", x =>
        [
            ctc_loss(log_softmax(x, 2), tensor(new long[,] { { 1, 2 } }), tensor(new[] { 5L }), tensor(new[] { 2L })),
        ]);
    }

    private static Tensor[] Each(Func<Reduction, Tensor> loss) => [loss(Reduction.None), loss(Reduction.Mean), loss(Reduction.Sum)];
}
