using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>Two linear layers over one and the same weight, with biases of their own.</summary>
internal sealed class TiedNet : nn.Module<Tensor, Tensor>
{
    private readonly Linear enter = nn.Linear(5, 8);
    private readonly Linear first;
    private readonly Linear second;
    private readonly Linear leave = nn.Linear(8, 3);

    public TiedNet()
        : base(nameof(TiedNet))
    {
        var weight = nn.Parameter(randn(8, 8) * 0.3);
        first = nn.Linear(weight, nn.Parameter(zeros(8)));
        second = nn.Linear(weight, nn.Parameter(ones(8) * 0.1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => leave.call(second.call(first.call(enter.call(input).relu()).relu()).relu());
}
