using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Small models of the kinds that users have.</summary>
internal static class Networks
{
    /// <summary>Two convolutions, batch normalisation, dropout and a linear layer, for images of 3×8×8; ten classes.</summary>
    public static nn.Module<Tensor, Tensor> Convolutional(double dropout = 0.5) => nn.Sequential(
        ("conv1", nn.Conv2d(3, 6, 3, padding: 1)),
        ("bn1", nn.BatchNorm2d(6)),
        ("relu1", nn.ReLU()),
        ("drop", nn.Dropout(dropout)),
        ("conv2", nn.Conv2d(6, 8, 3, stride: 2, padding: 1, bias: false)),
        ("bn2", nn.BatchNorm2d(8)),
        ("relu2", nn.ReLU()),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(128, 10)));

    /// <summary>Three linear layers for 4 features; three classes.</summary>
    public static nn.Module<Tensor, Tensor> Linear() => nn.Sequential(
        ("fc1", nn.Linear(4, 8)),
        ("relu1", nn.ReLU()),
        ("fc2", nn.Linear(8, 8)),
        ("relu2", nn.ReLU()),
        ("fc3", nn.Linear(8, 3)));

    /// <summary>A batch of images for <see cref="Convolutional"/> and their classes, the same at every call.</summary>
    public static (Tensor Input, Tensor Target) Images(int count, long seed = 1)
    {
        using var generator = new Generator((ulong)seed);
        return (randn([count, 3, 8, 8], generator: generator), randint(0, 10, [count], dtype: ScalarType.Int64, generator: generator));
    }

    /// <summary>A batch for <see cref="Linear"/> and its classes, the same at every call.</summary>
    public static (Tensor Input, Tensor Target) Rows(int count, long seed = 1)
    {
        using var generator = new Generator((ulong)seed);
        return (randn([count, 4], generator: generator), randint(0, 3, [count], dtype: ScalarType.Int64, generator: generator));
    }
}
