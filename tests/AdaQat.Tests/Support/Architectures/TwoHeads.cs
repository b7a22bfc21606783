using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>A tuple of a class and a box, from two heads that read the same tensor.</summary>
internal sealed class TwoHeads : nn.Module<Tensor, (Tensor Scores, Tensor Box)>
{
    private readonly Sequential body = nn.Sequential(
        nn.Conv2d(3, 6, 3, stride: 2, padding: 1), nn.BatchNorm2d(6), nn.ReLU(),
        nn.Conv2d(6, 8, 3, stride: 2, padding: 1), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten());

    private readonly Linear scores = nn.Linear(32, 5);
    private readonly Linear box = nn.Linear(32, 4);

    public TwoHeads()
        : base(nameof(TwoHeads)) => RegisterComponents();

    public override (Tensor Scores, Tensor Box) forward(Tensor input)
    {
        var features = body.call(input);
        return (scores.call(features), box.call(features).sigmoid());
    }
}
