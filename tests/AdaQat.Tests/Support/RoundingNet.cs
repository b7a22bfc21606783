using AdaQat.Search;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>A network one of whose sizes is half of the planned channels, rounded up to a multiple of eight as in MobileNets.</summary>
internal sealed class RoundingNet : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> wide;
    private readonly nn.Module<Tensor, Tensor> narrow;
    private readonly nn.Module<Tensor, Tensor> fc;

    public RoundingNet(ChannelPlan channels)
        : base(nameof(RoundingNet))
    {
        var many = channels["wide", 64];
        var few = (many + 15) / 16 * 8;
        wide = nn.Conv2d(3, many, 1);
        narrow = nn.Conv2d(many, few, 1);
        fc = nn.Linear(few, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc.call(narrow.call(wide.call(input).relu()).relu().mean([2, 3])).MoveToOuterDisposeScope();
    }
}
