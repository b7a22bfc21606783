using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>Containers in containers: a list of dictionaries of sequences, with a squeeze-and-excitation block at the end.</summary>
internal sealed class NestedNet : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<ModuleDict<nn.Module<Tensor, Tensor>>> stages = nn.ModuleList(Stage(3, 4), Stage(4, 6));

    private readonly Sequential excite = nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Sequential(nn.Conv2d(6, 2, 1), nn.SiLU()), nn.Conv2d(2, 6, 1), nn.Hardsigmoid());

    private readonly Linear head = nn.Linear(6, 4);

    public NestedNet()
        : base(nameof(NestedNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var stage in stages)
        {
            x = stage["main"].call(x) + stage["side"].call(x);
        }

        x *= excite.call(x);
        return head.call(x.mean([2, 3])).MoveToOuterDisposeScope();
    }

    private static ModuleDict<nn.Module<Tensor, Tensor>> Stage(long input, long output) => nn.ModuleDict<nn.Module<Tensor, Tensor>>(
        ("main", nn.Sequential(
            nn.Sequential(nn.Conv2d(input, output, 3, stride: 2, padding: 1), nn.InstanceNorm2d(output), nn.ELU()),
            nn.Sequential(nn.Conv2d(output, output, 3, padding: 1, groups: 2)))),
        ("side", nn.Conv2d(input, output, 1, stride: 2)));
}
