using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>Integer tokens through an embedding and a GRU, both of which stay in float, to a stack of linear layers.</summary>
internal sealed class TextClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Embedding embedding = nn.Embedding(20, 6, padding_idx: 0);
    private readonly GRU gru = nn.GRU(6, 8, bidirectional: true);
    private readonly Sequential head = nn.Sequential(nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 12), nn.ReLU(), nn.Linear(12, 2));

    public TextClassifier()
        : base(nameof(TextClassifier)) => RegisterComponents();

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (output, _) = gru.call(embedding.call(tokens).transpose(0, 1));
        return head.call(output.amax(dims: [0])).MoveToOuterDisposeScope();
    }
}
