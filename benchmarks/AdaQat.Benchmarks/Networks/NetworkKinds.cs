using ResNet20Cifar.Models;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Networks;

/// <summary>The networks that can be measured.</summary>
public static class NetworkKinds
{
    /// <summary>What is measured where nothing else is asked for.</summary>
    public static NetworkKind ResNet20 { get; } = ResNet(20) with { IsInPython = true };

    public static IReadOnlyList<NetworkKind> All { get; } =
    [
        ResNet20, ResNet(32), ResNet(44), ResNet(56), new("mobilenetv2", "MobileNetV2", () => new MobileNetV2()),
        new("mlp", "MLP 784-4096-4096-4096-10", Perceptron) { Input = [784] },
    ];

    /// <summary>Nearly all of its memory traffic is weights.</summary>
    private static nn.Module<Tensor, Tensor> Perceptron() => nn.Sequential(
        nn.Linear(784, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 10));

    private static NetworkKind ResNet(int depth) => new($"resnet{depth}", $"ResNet-{depth}", () => new CifarResNet(depth));
}
