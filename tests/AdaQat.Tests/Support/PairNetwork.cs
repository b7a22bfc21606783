using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Two inputs, one layer each and one for both: no model of one tensor.</summary>
internal sealed class PairNetwork : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Linear _left = nn.Linear(6, 8);
    private readonly TorchSharp.Modules.Linear _right = nn.Linear(6, 8);
    private readonly TorchSharp.Modules.Linear _both = nn.Linear(8, 8);
    private readonly TorchSharp.Modules.Linear _head = nn.Linear(8, 2);

    public PairNetwork()
        : base(nameof(PairNetwork)) => RegisterComponents();

    public static (Tensor Left, Tensor Right) Example() => (rand(2, 6), rand(2, 6));

    public override Tensor forward(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        var both = (_left.call(left) * _right.call(right)).relu();
        return _head.call(_both.call(both).relu()).MoveToOuterDisposeScope();
    }
}
