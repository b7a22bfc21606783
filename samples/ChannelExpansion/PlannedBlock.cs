using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ChannelExpansion;

/// <summary>A residual block of two 3×3 convolutions; where the shape changes, a 1×1 convolution carries its input.</summary>
internal sealed class PlannedBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    public PlannedBlock(long input, long inner, long output, long stride, bool changesShape)
        : base(nameof(PlannedBlock))
    {
        conv1 = Conv2d(input, inner, 3, stride: stride, padding: 1, bias: false);
        bn1 = BatchNorm2d(inner);
        conv2 = Conv2d(inner, output, 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(output);
        if (changesShape)
        {
            downsample = Sequential(
                ("conv", Conv2d(input, output, 1, stride: stride, bias: false)), ("bn", BatchNorm2d(output)));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = bn2.call(conv2.call(functional.relu(bn1.call(conv1.call(input)))));
        return functional.relu(inner + (downsample?.call(input) ?? input)).MoveToOuterDisposeScope();
    }
}
