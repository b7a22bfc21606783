using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Studies.Networks;

/// <summary>
/// An inverted residual with a linear bottleneck (Sandler et al. 2018, section 3): widened by a 1×1 convolution, a 3×3 convolution channel
/// by channel, narrowed by a 1×1 convolution without activation, and its input added where the shapes allow it.
/// </summary>
public sealed class InvertedResidual : Module<Tensor, Tensor>
{
    private readonly Sequential conv;
    private readonly bool _addsInput;

    public InvertedResidual(long inputChannels, long outputChannels, long stride, long expansion)
        : base(nameof(InvertedResidual))
    {
        var inner = inputChannels * expansion;
        _addsInput = stride == 1 && inputChannels == outputChannels;
        List<(string, Module<Tensor, Tensor>)> layers = expansion == 1 ? [] : [.. Activated("expand", inputChannels, inner, 1, 1, 1)];
        layers.AddRange(Activated("depthwise", inner, inner, 3, stride, inner));
        layers.Add(("project", Conv2d(inner, outputChannels, 1, bias: false)));
        layers.Add(("project_bn", BatchNorm2d(outputChannels)));
        conv = Sequential(layers);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = conv.call(input);
        return (_addsInput ? output + input : output).MoveToOuterDisposeScope();
    }

    /// <summary>A convolution, its batch normalisation and ReLU6.</summary>
    internal static IEnumerable<(string, Module<Tensor, Tensor>)> Activated(
        string name, long inputChannels, long outputChannels, long kernel, long stride, long groups) =>
    [
        (name, Conv2d(inputChannels, outputChannels, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false)),
        ($"{name}_bn", BatchNorm2d(outputChannels)),
        ($"{name}_relu6", ReLU6()),
    ];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            conv.Dispose();
        }

        base.Dispose(disposing);
    }
}
