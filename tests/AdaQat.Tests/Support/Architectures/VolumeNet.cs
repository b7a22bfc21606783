using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>3-D convolutions, one of them grouped and one transposed, for small volumes.</summary>
internal sealed class VolumeNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> stack = Sequential(
        ("conv1", Conv3d(1, 4, 3, padding: 1)),
        ("bn1", BatchNorm3d(4)),
        ("relu1", ReLU()),
        ("conv2", Conv3d(4, 8, 3, stride: 2, padding: 1, groups: 2)),
        ("norm2", GroupNorm(2, 8)),
        ("relu2", Hardswish()),
        ("up", ConvTranspose3d(8, 4, 2, stride: 2)),
        ("pool", AdaptiveAvgPool3d(1)),
        ("flatten", Flatten()),
        ("fc", Linear(4, 3)));

    public VolumeNet()
        : base(nameof(VolumeNet))
    {
        RegisterComponents();
        // TorchSharp 0.107 leaves GroupNorm's own as whatever was in memory.
        init.ones_(stack.get_parameter("norm2.weight")!);
        init.zeros_(stack.get_parameter("norm2.bias")!);
    }

    public override Tensor forward(Tensor input) => stack.call(input);
}
