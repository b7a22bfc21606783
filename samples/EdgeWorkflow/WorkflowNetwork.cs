using TorchSharp;
using static TorchSharp.torch;

namespace EdgeWorkflow;

/// <summary>Networks for images of 3×32×32 and ten classes, by the names that the command line uses.</summary>
public static class WorkflowNetwork
{
    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Makers = new(StringComparer.Ordinal)
    {
        ["small"] = Small,
        ["mobilenet_v2"] = () => torchvision.models.mobilenet_v2(num_classes: 10),
        ["resnet18"] = () => torchvision.models.resnet18(num_classes: 10),
    };

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>With random weights.</summary>
    public static nn.Module<Tensor, Tensor> Create(string name) => Makers[name]();

    private static nn.Module<Tensor, Tensor> Small() => nn.Sequential(
        ("conv1", nn.Conv2d(3, 16, 3, padding: 1, bias: false)), ("bn1", nn.BatchNorm2d(16)), ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(16, 32, 3, stride: 2, padding: 1, bias: false)), ("bn2", nn.BatchNorm2d(32)), ("relu2", nn.ReLU()),
        ("conv3", nn.Conv2d(32, 64, 3, stride: 2, padding: 1, bias: false)), ("bn3", nn.BatchNorm2d(64)), ("relu3", nn.ReLU()),
        ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(64, 10)));
}
