namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Scaled dot-product attention, as the sum of its operators.
        public static partial class functional
        {
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor attn_mask = null, double p = 0,
                bool is_casual = false)
            {
                using var scope = NewDisposeScope();
                // Each side takes the root of the scale, which keeps the products in range.
                var scale = Math.Pow(query.shape[^1], -0.25);
                var scores = query.mul(scale).matmul(key.mul(scale).transpose(-2, -1));
                if (is_casual) scores = scores.masked_fill(Future(scores), double.NegativeInfinity);
                if (attn_mask is not null)
                {
                    scores = attn_mask.dtype == ScalarType.Bool
                        ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity)
                        : scores.add(attn_mask);
                }

                var weights = scores.softmax(-1);
                return dropout(weights, p, p > 0).matmul(value).MoveToOuterDisposeScope();
            }

            // True where a query would see a key that comes after it.
            private static Tensor Future(Tensor scores)
                => ones(scores.shape[^2..], dtype: ScalarType.Bool, device: scores.device).triu(1);
        }
    }
}
