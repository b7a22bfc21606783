using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>A network as users write them: submodules in fields, a sequence inside, names out of alphabetical order.</summary>
internal sealed class ResidualNetwork : Module<Tensor, Tensor>
{
    private readonly Conv2d stem = Conv2d(2, 3, 3, padding: 1, bias: false);
    private readonly BatchNorm2d norm = BatchNorm2d(3);
    private readonly Sequential block = Sequential(Conv2d(3, 3, 3, padding: 1), ReLU(), Conv2d(3, 3, 1));
    private readonly Linear head = Linear(3, 4);

    public ResidualNetwork() : base(nameof(ResidualNetwork)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = functional.relu(norm.call(stem.call(input)));
        x = functional.relu(x + block.call(x));
        return head.call(x.mean([2, 3]));
    }
}
