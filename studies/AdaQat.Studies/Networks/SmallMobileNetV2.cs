using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Studies.Networks;

/// <summary>
/// A network like MobileNetV2 for 32×32 images: its blocks and ReLU6, fewer and narrower of them, and fewer strides. Its layers differ
/// more than ResNet-20's do.
/// </summary>
public sealed class SmallMobileNetV2 : Module<Tensor, Tensor>
{
    /// <summary>Expansion, channels, repetitions, stride of the first, as in the paper's table 2.</summary>
    private static readonly (long Expansion, long Channels, int Count, long Stride)[] Stages =
        [(1, 16, 1, 1), (4, 24, 2, 2), (4, 40, 3, 2), (4, 64, 2, 1)];

    private readonly Sequential features;
    private readonly Linear classifier;

    public SmallMobileNetV2(int classes = 10)
        : base(nameof(SmallMobileNetV2))
    {
        var channels = 16L;
        List<(string, Module<Tensor, Tensor>)> layers = [.. InvertedResidual.Activated("stem", 3, channels, 3, 1, 1)];
        foreach (var (expansion, width, count, stride) in Stages)
        {
            for (var index = 0; index < count; index++)
            {
                layers.Add(($"block{layers.Count - 2}", new InvertedResidual(channels, width, index == 0 ? stride : 1, expansion)));
                channels = width;
            }
        }

        layers.AddRange(InvertedResidual.Activated("head", channels, 128, 1, 1, 1));
        features = Sequential(layers);
        classifier = Linear(128, classes);
        RegisterComponents();
        foreach (var convolution in modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return classifier.call(features.call(input).mean(new long[] { 2, 3 })).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            features.Dispose();
            classifier.Dispose();
        }

        base.Dispose(disposing);
    }
}
