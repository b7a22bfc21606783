using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineAttention()
    {
        Define("attention", (q, k, v) => [scaled_dot_product_attention(q, k, v)]);
        Define("attention causal", (q, k, v) => [scaled_dot_product_attention(q, k, v, is_casual: true)]);
        Define("attention masked", (q, k, v, m) => [scaled_dot_product_attention(q, k, v, m)]);
    }
}
