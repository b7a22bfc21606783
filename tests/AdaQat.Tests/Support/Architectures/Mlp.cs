using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>Four linear layers with four kinds of activation.</summary>
internal sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> lin1 = Linear(6, 16);
    private readonly Module<Tensor, Tensor> lin2 = Linear(16, 16);
    private readonly Module<Tensor, Tensor> lin3 = Linear(16, 8, hasBias: false);
    private readonly Module<Tensor, Tensor> lin4 = Linear(8, 3);

    public Mlp()
        : base(nameof(Mlp)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = lin1.call(input).relu();
        x = lin2.call(x).sigmoid();
        x = functional.silu(lin3.call(x));
        return functional.log_softmax(lin4.call(x), dim: 1);
    }
}
