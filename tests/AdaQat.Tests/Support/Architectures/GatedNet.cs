using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>Control flow that depends on the input: how often a layer runs, and whether another runs at all.</summary>
internal sealed class GatedNet : nn.Module<Tensor, Tensor>
{
    private readonly Linear enter = nn.Linear(4, 8);
    private readonly Linear again = nn.Linear(8, 8);
    private readonly Linear rare = nn.Linear(8, 8);
    private readonly Linear leave = nn.Linear(8, 2);

    public GatedNet()
        : base(nameof(GatedNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = enter.call(input).relu();
        var rounds = input.abs().mean().item<float>() > 1 ? 3 : 2;
        for (var i = 0; i < rounds; i++)
        {
            x = again.call(x).relu();
        }

        if (input.max().item<float>() > 2)
        {
            x = rare.call(x).relu() + x;
        }

        return leave.call(x).MoveToOuterDisposeScope();
    }
}
