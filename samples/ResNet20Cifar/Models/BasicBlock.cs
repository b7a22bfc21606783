using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ResNet20Cifar.Models;

/// <summary>Two 3×3 convolutions with batch normalisation, and the input added before the last activation.</summary>
public sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;
    private readonly long _stride;
    private readonly long _addedChannels;

    public BasicBlock(long inputChannels, long outputChannels, long stride, Shortcut shortcut)
        : base(nameof(BasicBlock))
    {
        _stride = stride;
        _addedChannels = outputChannels - inputChannels;
        conv1 = Conv2d(inputChannels, outputChannels, 3, stride: stride, padding: 1, bias: false);
        bn1 = BatchNorm2d(outputChannels);
        conv2 = Conv2d(outputChannels, outputChannels, 3, stride: 1, padding: 1, bias: false);
        bn2 = BatchNorm2d(outputChannels);
        if (shortcut == Shortcut.Projection && (stride != 1 || _addedChannels != 0))
        {
            downsample = Sequential(
                ("conv", Conv2d(inputChannels, outputChannels, 1, stride: stride, bias: false)),
                ("bn", BatchNorm2d(outputChannels)));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = functional.relu(bn1.call(conv1.call(input)), inplace: true);
        inner = bn2.call(conv2.call(inner));
        return functional.relu(inner.add_(Carried(input)), inplace: true).MoveToOuterDisposeScope();
    }

    private Tensor Carried(Tensor input)
    {
        if (downsample is not null)
        {
            return downsample.call(input);
        }

        if (_stride == 1 && _addedChannels == 0)
        {
            return input;
        }

        var subsampled = input.slice(2, 0, input.shape[2], _stride).slice(3, 0, input.shape[3], _stride);
        var before = _addedChannels / 2;
        return functional.pad(subsampled, new long[] { 0, 0, 0, 0, before, _addedChannels - before });
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            conv1.Dispose();
            bn1.Dispose();
            conv2.Dispose();
            bn2.Dispose();
            downsample?.Dispose();
        }

        base.Dispose(disposing);
    }
}
