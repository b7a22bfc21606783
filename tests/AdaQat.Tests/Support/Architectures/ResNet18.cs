using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>
/// ResNet-18 for images of 224×224 (He et al. 2015, table 1) with 1×1 convolutions where the shape changes, as a user writes it.
/// </summary>
internal sealed class ResNet18 : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> stem;
    private readonly nn.Module<Tensor, Tensor> layers;
    private readonly nn.Module<Tensor, Tensor> fc;

    public ResNet18()
        : base(nameof(ResNet18))
    {
        stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, stride: 2, padding: 1));
        layers = nn.Sequential(
            new Block(64, 64, 1), new Block(64, 64, 1),
            new Block(64, 128, 2), new Block(128, 128, 1),
            new Block(128, 256, 2), new Block(256, 256, 1),
            new Block(256, 512, 2), new Block(512, 512, 1));
        fc = nn.Linear(512, 1000);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = layers.call(stem.call(input)).mean([2, 3]);
        return fc.call(features).MoveToOuterDisposeScope();
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> conv1;
        private readonly nn.Module<Tensor, Tensor> bn1;
        private readonly nn.Module<Tensor, Tensor> conv2;
        private readonly nn.Module<Tensor, Tensor> bn2;
        private readonly nn.Module<Tensor, Tensor>? downsample;

        public Block(long input, long output, long stride)
            : base(nameof(Block))
        {
            conv1 = nn.Conv2d(input, output, 3, stride: stride, padding: 1, bias: false);
            bn1 = nn.BatchNorm2d(output);
            conv2 = nn.Conv2d(output, output, 3, padding: 1, bias: false);
            bn2 = nn.BatchNorm2d(output);
            if (stride != 1)
            {
                downsample = nn.Sequential(nn.Conv2d(input, output, 1, stride: stride, bias: false), nn.BatchNorm2d(output));
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var inner = nn.functional.relu(bn1.call(conv1.call(input)));
            inner = bn2.call(conv2.call(inner));
            return nn.functional.relu(inner + (downsample?.call(input) ?? input)).MoveToOuterDisposeScope();
        }
    }
}
