using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>One branch called on each of two inputs, and a head on the difference of the results.</summary>
internal sealed class SiameseNet : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential branch = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding: 1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 8));

    private readonly Linear inner = nn.Linear(8, 8);
    private readonly Linear head = nn.Linear(8, 1);

    public SiameseNet()
        : base(nameof(SiameseNet)) => RegisterComponents();

    public override Tensor forward(Tensor left, Tensor right)
    {
        using var a = branch.call(left);
        using var b = branch.call(right);
        return head.call(inner.call((a - b).abs()).relu());
    }
}
