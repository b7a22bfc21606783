using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>A language model whose head computes with the embedding's table.</summary>
internal sealed class TiedLanguageModel : nn.Module<Tensor, Tensor>
{
    private readonly Embedding table = nn.Embedding(9, 6);
    private readonly Linear inner = nn.Linear(6, 6);
    private readonly Linear head;

    public TiedLanguageModel()
        : base(nameof(TiedLanguageModel))
    {
        head = nn.Linear(table.weight!);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens) => head.call(inner.call(table.call(tokens)).tanh());
}
