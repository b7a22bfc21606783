using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Benchmarks.Networks;

/// <summary>
/// MobileNetV2's block: a 1×1 convolution that widens, a depthwise 3×3 convolution, and a 1×1 convolution without an activation behind it.
/// </summary>
internal sealed class InvertedResidual : Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly bool _isResidual;

    public InvertedResidual(long inputChannels, long outputChannels, long stride, long expansion)
        : base(nameof(InvertedResidual))
    {
        var inner = inputChannels * expansion;
        var stages = new List<(string, Module<Tensor, Tensor>)>();
        if (expansion != 1)
        {
            stages.Add(("expand", Conv2d(inputChannels, inner, 1, bias: false)));
            stages.Add(("expand_bn", BatchNorm2d(inner)));
            stages.Add(("expand_relu", ReLU6(inplace: true)));
        }

        stages.Add(("depthwise", Conv2d(inner, inner, 3, stride: stride, padding: 1, groups: inner, bias: false)));
        stages.Add(("depthwise_bn", BatchNorm2d(inner)));
        stages.Add(("depthwise_relu", ReLU6(inplace: true)));
        stages.Add(("project", Conv2d(inner, outputChannels, 1, bias: false)));
        stages.Add(("project_bn", BatchNorm2d(outputChannels)));
        layers = Sequential(stages);
        _isResidual = stride == 1 && inputChannels == outputChannels;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = layers.call(input);
        return (_isResidual ? output.add_(input) : output).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            layers.Dispose();
        }

        base.Dispose(disposing);
    }
}
