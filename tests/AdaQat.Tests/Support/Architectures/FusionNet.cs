using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>
/// Three inputs of three kinds: an image, a row of numbers and a class, whose vectors a bilinear layer and linear layers join.
/// </summary>
internal sealed class FusionNet : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Conv2d image = nn.Conv2d(1, 4, 3);
    private readonly Linear numbers = nn.Linear(3, 4);
    private readonly Embedding kinds = nn.Embedding(5, 4);
    private readonly Bilinear join = nn.Bilinear(4, 4, 6);
    private readonly Linear head = nn.Linear(10, 2);

    public FusionNet()
        : base(nameof(FusionNet)) => RegisterComponents();

    public override Tensor forward(Tensor picture, Tensor row, Tensor kind)
    {
        var seen = image.call(picture).relu().mean([2, 3]);
        var joined = join.call(seen, numbers.call(row).relu());
        return head.call(cat([joined, kinds.call(kind)], 1));
    }
}
