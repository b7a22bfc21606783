using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x where the target is 1, else max(0, margin − x).</summary>
public sealed class HingeEmbeddingLoss : Loss<Tensor, Tensor, Tensor>
{
    public HingeEmbeddingLoss(double margin = 0, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction)
        => this.margin = margin;

    public double margin { get; }

    public override Tensor forward(Tensor input, Tensor target)
        => nn.functional.hinge_embedding_loss(input, target, margin, reduction);
}
