using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Studies.Networks;

/// <summary>
/// A 1-D network as keywords in sound are recognised with (Zhang et al. 2017): depthwise separable convolutions over time. An image is 32
/// moments, its rows, of 96 numbers each.
/// </summary>
public sealed class KeywordNet : Module<Tensor, Tensor>
{
    private readonly Sequential body;
    private readonly Linear head;

    public KeywordNet(int classes = 10)
        : base(nameof(KeywordNet))
    {
        body = Sequential([
            ("stem", Conv1d(96, 96, 5, padding: 2, bias: false)), ("stem_bn", BatchNorm1d(96)), ("stem_relu", ReLU()),
            .. Separable("block1", 96, 128, dilation: 1), ("pool", MaxPool1d(2)),
            .. Separable("block2", 128, 128, dilation: 2), .. Separable("block3", 128, 160, dilation: 1),
        ]);
        head = Linear(160, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var moments = input.transpose(2, 3).flatten(1, 2);
        return head.call(body.call(moments).mean([2])).MoveToOuterDisposeScope();
    }

    private static IEnumerable<(string, Module<Tensor, Tensor>)> Separable(string name, long inputs, long outputs, long dilation) =>
    [
        ($"{name}_depthwise", Conv1d(inputs, inputs, 3, padding: dilation, dilation: dilation, groups: inputs, bias: false)),
        ($"{name}_depthwise_bn", BatchNorm1d(inputs)), ($"{name}_depthwise_relu", ReLU()),
        ($"{name}_point", Conv1d(inputs, outputs, 1)), ($"{name}_relu", ReLU()),
    ];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            head.Dispose();
        }

        base.Dispose(disposing);
    }
}
