using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A stack of encoder layers, each of which starts as a copy of the one given.</summary>
public sealed class TransformerEncoder : nn.Module<Tensor, Tensor, Tensor, Tensor>, nn.IModule<Tensor, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
{
    private readonly List<EncoderWeights> _layers = new();

    internal TransformerEncoder(TransformerEncoderLayer layer, long count) : base(nameof(TransformerEncoder))
    {
        using var guard = no_grad();
        for (var i = 0; i < count; i++)
        {
            _layers.Add(new EncoderWeights(this, $"layers.{i}.", layer.Shape));
            foreach (var (name, parameter) in layer.named_parameters(false))
                NamedWeights.Find(this, $"layers.{i}.{name}").copy_(parameter);
        }
    }

    public override Tensor forward(Tensor src, Tensor src_mask, Tensor src_key_padding_mask)
    {
        using var scope = NewDisposeScope();
        var result = src;
        foreach (var layer in _layers) result = layer.Encode(result, src_mask, src_key_padding_mask);
        return _layers.Count == 0 ? src.alias().MoveToOuterDisposeScope() : result.MoveToOuterDisposeScope();
    }

    public Tensor call(Tensor src) => base.call(src, null, null);

    public Tensor call(Tensor src, Tensor src_mask) => base.call(src, src_mask, null);
}
