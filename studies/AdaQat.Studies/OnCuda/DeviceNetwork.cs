using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.OnCuda;

/// <summary>Three convolutions with batch normalisation, dropout and a linear layer: small, with everything that matters here.</summary>
internal sealed class DeviceNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _layers;

    public DeviceNetwork(double dropout = 0)
        : base(nameof(DeviceNetwork))
    {
        _layers = nn.Sequential(
            ("conv1", nn.Conv2d(3, 16, 3, padding: 1, bias: false)), ("norm1", nn.BatchNorm2d(16)), ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(16, 24, 3, padding: 1, stride: 2, bias: false)), ("norm2", nn.BatchNorm2d(24)),
            // Before ReLU, where hardly a number is zero by itself.
            ("dropout", nn.Dropout(dropout)), ("relu2", nn.ReLU()),
            ("conv3", nn.Conv2d(24, 24, 3, padding: 1, bias: false)), ("norm3", nn.BatchNorm2d(24)), ("relu3", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("head", nn.Linear(24, 10)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _layers.call(input);

    /// <summary>A loss of the model on images that follow from a seed, wherever the model is.</summary>
    public static Tensor Loss(nn.Module<Tensor, Tensor> model, Device device, int seed, ScalarType type = ScalarType.Float32)
    {
        var (input, target) = Batch(device, seed, type);
        return nn.functional.cross_entropy(model.call(input), target);
    }

    public static (Tensor Input, Tensor Target) Batch(Device device, int seed, ScalarType type = ScalarType.Float32)
    {
        const int Samples = 32;
        using var generator = new Generator((ulong)seed);
        return (
            randn([Samples, 3, 16, 16], generator: generator).to(type).to(device),
            randint(0, 10, [Samples], generator: generator).to(device));
    }
}
