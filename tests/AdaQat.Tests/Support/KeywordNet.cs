using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.Support;

/// <summary>
/// A 1-D network for keywords in sound (Zhang et al. 2017): a strided convolution, depthwise separable ones, a mean over time.
/// </summary>
internal sealed class KeywordNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> body;
    private readonly Module<Tensor, Tensor> head;

    public KeywordNet()
        : base(nameof(KeywordNet))
    {
        body = Sequential(
            Conv1d(4, 12, 5, stride: 2, padding: 2, bias: false), BatchNorm1d(12), ReLU(),
            Conv1d(12, 12, 3, padding: 1, groups: 12, bias: false), BatchNorm1d(12), ReLU(),
            Conv1d(12, 16, 1), ReLU(), MaxPool1d(2),
            Conv1d(16, 16, 3, padding: 2, dilation: 2, groups: 16, bias: false), BatchNorm1d(16), ReLU(),
            Conv1d(16, 16, 1), ReLU());
        head = Linear(16, 6);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return head.call(body.call(input).mean([2])).MoveToOuterDisposeScope();
    }
}
