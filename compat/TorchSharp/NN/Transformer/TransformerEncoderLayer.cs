using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Self-attention and a feed-forward network over sequences of shape (length, batch, size).</summary>
public sealed class TransformerEncoderLayer
    : nn.Module<Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor, Tensor>
{
    private readonly EncoderWeights _weights;

    internal TransformerEncoderLayer(EncoderShape shape) : base(nameof(TransformerEncoderLayer))
        => (Shape, _weights) = (shape, new EncoderWeights(this, "", shape));

    internal EncoderShape Shape { get; }

    public override Tensor forward(Tensor src) => _weights.Encode(src, null, null);

    /// <summary>With masks the layer computes at once, without hooks, as TorchSharp's does.</summary>
    public Tensor call(Tensor src, Tensor src_mask) => _weights.Encode(src, src_mask, null);

    /// <inheritdoc cref="call(Tensor, Tensor)"/>
    public Tensor call(Tensor src, Tensor src_mask, Tensor src_key_padding_mask) => _weights.Encode(src, src_mask, src_key_padding_mask);
}
