using ResNet20Cifar.Models;
using static TorchSharp.torch;

namespace AdaQat.Studies.Networks;

/// <summary>Networks for CIFAR-10, by the names that command lines use.</summary>
public static class StudyNetwork
{
    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Makers = new(StringComparer.Ordinal)
    {
        ["resnet20"] = () => new ResNet20(),
        ["mobilenet"] = () => new SmallMobileNetV2(),
    };

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>With random weights.</summary>
    public static nn.Module<Tensor, Tensor> Create(string name) => Makers[name]();
}
