using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Distances between vectors, and losses of embeddings.
        public static partial class functional
        {
            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08)
                => Aten.CosineSimilarity.Call(x1, x2, dim, eps);

            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1e-06, bool keepdim = false)
                => Aten.PairwiseDistance.Call(input1, input2, p, eps, keepdim);

            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0,
                Reduction reduction = Reduction.Mean)
                => Aten.CosineEmbeddingLoss.Call(input1, input2, target, margin, (long)reduction);

            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
                => Aten.HingeEmbeddingLoss.Call(input, target, margin, (long)reduction);

            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0,
                Reduction reduction = Reduction.Mean)
                => Aten.MarginRankingLoss.Call(input1, input2, target, margin, (long)reduction);

            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1, long p = 2,
                double eps = 1e-06, bool swap = false, Reduction reduction = Reduction.Mean)
                => Aten.TripletMarginLoss.Call(anchor, positive, negative, margin, (double)p, eps, swap, (long)reduction);

            public static Tensor triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative,
                Func<Tensor, Tensor, Tensor> distance = null, double margin = 1, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                distance ??= (x, y) => pairwise_distance(x, y);
                var near = distance(anchor, positive);
                var far = distance(anchor, negative);
                if (swap) far = far.minimum(distance(positive, negative));
                return Reduced(near.sub(far).add(margin).clamp_min(0), reduction).MoveToOuterDisposeScope();
            }
        }
    }
}

file static class Aten
{
    internal static readonly Op CosineEmbeddingLoss = new("aten::cosine_embedding_loss");
    internal static readonly Op CosineSimilarity = new("aten::cosine_similarity");
    internal static readonly Op HingeEmbeddingLoss = new("aten::hinge_embedding_loss");
    internal static readonly Op MarginRankingLoss = new("aten::margin_ranking_loss");
    internal static readonly Op PairwiseDistance = new("aten::pairwise_distance");
    internal static readonly Op TripletMarginLoss = new("aten::triplet_margin_loss");
}
