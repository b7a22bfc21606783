using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using ResNet20Cifar.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>The networks that are deployed in all ways: kinds, families of quantizers, bits.</summary>
internal static class DeployedNetworks
{
    /// <summary>By name; the last two are strangers' and large, here for small pictures.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["ResNet-20", "MobileNetV2", "keywords", "MLP", "U-Net", "vision transformer", "resnet18", "mobilenet_v2"];

    /// <summary>A network as strangers use it, for which a case takes minutes.</summary>
    public const string AsItIs = "resnet18 at 224";

    /// <summary>Those of which comparing codes by plain loops is slow.</summary>
    public static IReadOnlyList<string> AreLarge { get; } = ["ResNet-20", "resnet18", "mobilenet_v2"];

    /// <summary>Those with residual sums.</summary>
    public static IReadOnlyList<string> WithSums { get; } = ["ResNet-20", "MobileNetV2", "resnet18", "mobilenet_v2"];

    public static IReadOnlyList<string> Families { get; } = ["DoReFa, PACT", "LSQ", "affine", "affine by channel"];

    public static IReadOnlyList<string> Bits { get; } = ["2/2", "4/4", "8/8", "mixed"];

    /// <summary>A network with statistics and slopes as training leaves them, and five images.</summary>
    public static (nn.Module<Tensor, Tensor> Model, Tensor Images) Make(string name)
    {
        manual_seed(7);
        (nn.Module<Tensor, Tensor>, Tensor) made = name switch
        {
            "ResNet-20" => (new ResNet20(), randn(5, 3, 16, 16)),
            "MobileNetV2" => (new Architectures.MobileNetV2(), randn(5, 3, 16, 16)),
            "keywords" => (new KeywordNet(), randn(5, 4, 24)),
            "MLP" => (nn.Sequential(("fc1", nn.Linear(6, 16)), ("relu1", nn.ReLU()), ("fc2", nn.Linear(16, 16, hasBias: false)),
                ("relu2", nn.ReLU()), ("fc3", nn.Linear(16, 3))), randn(5, 6)),
            "U-Net" => (new UNet(), randn(5, 1, 16, 16)),
            "vision transformer" => (new VisionTransformer(), randn(5, 3, 8, 8)),
            "resnet18" => (torchvision.models.resnet18(10), randn(5, 3, 32, 32)),
            AsItIs => (torchvision.models.resnet18(), randn(2, 3, 224, 224)),
            _ => (torchvision.models.mobilenet_v2(10), randn(5, 3, 32, 32)),
        };
        var (model, images) = made;
        using var guard = no_grad();
        foreach (var (_, module) in model.named_modules())
        {
            if (module is NormBase { } norm)
            {
                norm.running_mean!.normal_(0, 0.2);
                norm.running_var!.uniform_(0.5, 1.5);
                norm.weight!.normal_(1, 0.4);
                norm.bias!.normal_(0, 0.2);
            }
        }

        model.eval();
        return (model, images);
    }

    /// <summary>A network quantized, its ranges from the images.</summary>
    public static QuantizedModel Quantize(
        nn.Module<Tensor, Tensor> model, Tensor images, string family, string bits, JoinHandling joins = JoinHandling.Unquantized)
    {
        var (weights, activations) = bits == "mixed" ? (4, 4) : (bits[0] - '0', bits[0] - '0');
        var options = Family(family) with
        {
            WeightBits = BitWidthChoice.Fixed(weights),
            ActivationBits = BitWidthChoice.Fixed(activations),
            Rules = bits == "mixed" ? Mixed(model) : [],
            Joins = joins,
        };
        var quantized = QuantizedModel.Attach(model, images, options);
        quantized.Calibrate([images]);
        return quantized;
    }

    private static QuantizationOptions Family(string name) => name switch
    {
        "LSQ" => new() { Weights = new LsqOptions(), Activations = new LsqOptions() },
        "affine" => new() { Weights = new AffineOptions(), Activations = new AffineOptions { IsSymmetric = false } },
        "affine by channel" => new()
        {
            Weights = new AffineOptions { Granularity = Granularity.PerChannel() },
            Activations = new AffineOptions { IsSymmetric = false },
        },
        _ => new(),
    };

    /// <summary>2 to 8 bits, other ones for each layer.</summary>
    private static LayerRule[] Mixed(nn.Module model) =>
    [
        .. model.named_modules().Where(pair => pair.module is Linear or Conv1d or Conv2d or ConvTranspose2d).Select((pair, i) =>
            LayerRule.Named(pair.name).With(
                weights: BitWidthChoice.Fixed(2 + (3 * i % 7)), activations: BitWidthChoice.Fixed(2 + (5 * i % 7)))),
    ];
}
