using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Multi-head attention over sequences of shape (length, batch, size): the result, and the weights averaged over the heads.</summary>
public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>>
{
    private readonly AttentionWeights _attention;

    internal MultiheadAttention(AttentionShape shape) : base(nameof(MultiheadAttention))
        => _attention = new AttentionWeights(this, "", shape);

    public override Tuple<Tensor, Tensor> forward(
        Tensor query, Tensor key, Tensor value, Tensor key_padding_mask, bool need_weights, Tensor attn_mask)
    {
        var (output, weights) = _attention.Attend(query, key, value, key_padding_mask, need_weights, attn_mask);
        return Tuple.Create(output, weights);
    }

    public new Tuple<Tensor, Tensor> call(
        Tensor query, Tensor key, Tensor value, Tensor key_padding_mask = null, bool need_weights = true, Tensor attn_mask = null)
        => base.call(query, key, value, key_padding_mask, need_weights, attn_mask);
}
