using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The absolute difference, squared (over 2β) where it is below β.</summary>
public sealed class SmoothL1Loss : Loss<Tensor, Tensor, Tensor>
{
    public SmoothL1Loss(nn.Reduction reduction = nn.Reduction.Mean, double beta = 1) : base(reduction)
        => this.beta = beta;

    public double beta { get; }

    public override Tensor forward(Tensor input, Tensor target)
        => nn.functional.smooth_l1_loss(input, target, reduction, beta);
}
