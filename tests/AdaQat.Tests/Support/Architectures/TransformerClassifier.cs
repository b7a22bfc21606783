using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>TorchSharp's sequence example in small: embedding, encoder with a mask, linear decoder; two inputs.</summary>
internal sealed class TransformerClassifier : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Embedding encoder = nn.Embedding(11, 8);
    private readonly TransformerEncoder transformer;
    private readonly Linear inner = nn.Linear(8, 8);
    private readonly Linear decoder = nn.Linear(8, 11);
    private readonly Tensor pe = randn(16, 1, 8) * 0.1;

    public TransformerClassifier()
        : base(nameof(TransformerClassifier))
    {
        using var layer = nn.TransformerEncoderLayer(8, 2, 16, 0.1);
        transformer = nn.TransformerEncoder(layer, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens, Tensor mask)
    {
        var source = encoder.call(tokens) * MathF.Sqrt(8) + pe[TensorIndex.Slice(null, tokens.shape[0])];
        return decoder.call(inner.call(transformer.call(source, mask)).relu());
    }
}
