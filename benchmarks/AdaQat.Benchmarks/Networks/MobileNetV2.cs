using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Benchmarks.Networks;

/// <summary>
/// MobileNetV2 (arXiv 1801.04381, table 2) for 32×32 images: the published blocks and channels, with a stride of 1 in the two places
/// where images of 224×224 lose their resolution first.
/// </summary>
internal sealed class MobileNetV2 : Module<Tensor, Tensor>
{
    private const long FirstChannels = 32;
    private const long LastChannels = 1280;

    private static readonly (long Expansion, long Channels, int Blocks, long Stride)[] Stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    private readonly Sequential features;
    private readonly Linear classifier;

    public MobileNetV2(int classes = 10)
        : base(nameof(MobileNetV2))
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>
        {
            ("conv", Conv2d(3, FirstChannels, 3, padding: 1, bias: false)),
            ("bn", BatchNorm2d(FirstChannels)),
            ("relu", ReLU6(inplace: true)),
        };
        var channels = FirstChannels;
        foreach (var stage in Stages)
        {
            for (var block = 0; block < stage.Blocks; block++)
            {
                var stride = block == 0 ? stage.Stride : 1;
                layers.Add(($"block{layers.Count - 2}", new InvertedResidual(channels, stage.Channels, stride, stage.Expansion)));
                channels = stage.Channels;
            }
        }

        layers.Add(("last", Conv2d(channels, LastChannels, 1, bias: false)));
        layers.Add(("last_bn", BatchNorm2d(LastChannels)));
        layers.Add(("last_relu", ReLU6(inplace: true)));
        features = Sequential(layers);
        classifier = Linear(LastChannels, classes);
        RegisterComponents();
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
