using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>1 − cos where the target is 1, else max(0, cos − margin).</summary>
public sealed class CosineEmbeddingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    public CosineEmbeddingLoss(double margin = 0, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction)
        => this.margin = margin;

    public double margin { get; }

    public override Tensor forward(Tensor input1, Tensor input2, Tensor target)
        => nn.functional.cosine_embedding_loss(input1, input2, target, margin, reduction);
}
