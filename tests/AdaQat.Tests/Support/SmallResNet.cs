using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>A residual network of five layers for images of 3×8×8; ten classes.</summary>
internal sealed class SmallResNet : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> stem;
    private readonly nn.Module<Tensor, Tensor> first;
    private readonly nn.Module<Tensor, Tensor> second;
    private readonly nn.Module<Tensor, Tensor> shortcut;
    private readonly nn.Module<Tensor, Tensor> fc;

    public SmallResNet()
        : base(nameof(SmallResNet))
    {
        stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding: 1, bias: false), nn.BatchNorm2d(8), nn.ReLU());
        first = nn.Sequential(nn.Conv2d(8, 16, 3, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(16), nn.ReLU());
        second = nn.Sequential(nn.Conv2d(16, 16, 3, padding: 1, bias: false), nn.BatchNorm2d(16));
        shortcut = nn.Sequential(nn.Conv2d(8, 16, 1, stride: 2, bias: false), nn.BatchNorm2d(16));
        fc = nn.Linear(16, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = stem.call(input);
        var sum = (second.call(first.call(features)) + shortcut.call(features)).relu();
        return fc.call(sum.mean([2, 3])).MoveToOuterDisposeScope();
    }
}
