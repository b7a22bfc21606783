using AdaQat.Studies.Networks;
using ResNet20Cifar.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.Compiling;

/// <summary>The networks that are compiled to integers, all of them for CIFAR-10, by the names that the command line uses.</summary>
/// <param name="Name">The name.</param>
/// <param name="HasSums">Whether outputs of layers are added, so that they can share a step.</param>
/// <param name="HasIslands">Whether parts of it stay in float.</param>
/// <param name="Create">Makes it, with random weights.</param>
public sealed record CompiledNetwork(string Name, bool HasSums, bool HasIslands, Func<nn.Module<Tensor, Tensor>> Create)
{
    public static IReadOnlyList<CompiledNetwork> All { get; } =
    [
        new("resnet20", true, false, () => new ResNet20()),
        new("mobilenet", true, false, () => new SmallMobileNetV2()),
        new("resnet18", true, false, () => torchvision.models.resnet18(10)),
        new("mobilenet_v2", true, false, () => torchvision.models.mobilenet_v2(10)),
        new("keywords", false, false, () => new KeywordNet()),
        new("mlp", false, false, () => nn.Sequential(("flat", nn.Flatten()), ("fc1", nn.Linear(3072, 192)), ("relu1", nn.ReLU()),
            ("fc2", nn.Linear(192, 96)), ("relu2", nn.ReLU()), ("fc3", nn.Linear(96, 10)))),
        new("u-net", false, false, () => new SmallUNet()),
        new("vit", false, true, () => new SmallVisionTransformer()),
    ];

    public static IReadOnlyCollection<string> Names { get; } = [.. All.Select(network => network.Name)];

    /// <summary>What can become of the operands of its sums.</summary>
    public IReadOnlyList<JoinHandling> Joins =>
        HasSums ? [JoinHandling.Unquantized, JoinHandling.Quantized] : [JoinHandling.Unquantized];
}
