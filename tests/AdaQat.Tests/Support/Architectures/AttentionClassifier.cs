using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>Sequences through <c>nn.MultiheadAttention</c>, whose fused weights stay in float, between linear layers.</summary>
internal sealed class AttentionClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Linear enter = nn.Linear(5, 8);
    private readonly MultiheadAttention attention = nn.MultiheadAttention(8, 2, dropout: 0.1);
    private readonly LayerNorm norm = nn.LayerNorm(8);
    private readonly Linear inner = nn.Linear(8, 16);
    private readonly Linear leave = nn.Linear(16, 4);

    public AttentionClassifier()
        : base(nameof(AttentionClassifier)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = enter.call(input).transpose(0, 1);
        var (attended, weights) = attention.call(x, x, x);
        x = norm.call(x + attended).mean([0]);
        return leave.call(inner.call(x).relu()).MoveToOuterDisposeScope();
    }
}
