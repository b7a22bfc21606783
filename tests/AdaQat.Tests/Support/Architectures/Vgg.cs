using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>
/// VGG with batch normalisation (Simonyan and Zisserman 2014), its layers listed in one string, as TorchSharp's examples do.
/// </summary>
internal sealed class Vgg : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> layers;

    public Vgg()
        : base(nameof(Vgg))
    {
        var modules = new List<(string, Module<Tensor, Tensor>)>();
        long channels = 3;
        var index = 0;
        foreach (var entry in "8 8 M 16 16 M 24 M".Split(' '))
        {
            if (entry == "M")
            {
                modules.Add(($"MaxPool2d-{index++}", MaxPool2d(kernel_size: 2, stride: 2)));
                continue;
            }

            var output = long.Parse(entry, System.Globalization.CultureInfo.InvariantCulture);
            modules.Add(($"conv2d-{index++}", Conv2d(channels, output, kernel_size: 3, padding: 1)));
            modules.Add(($"bnrm2d-{index++}", BatchNorm2d(output)));
            modules.Add(($"relu-{index++}", ReLU(inplace: true)));
            channels = output;
        }

        modules.Add(("AdaptiveAvgPool2d", AdaptiveAvgPool2d([2, 2])));
        modules.Add(("flatten", Flatten()));
        modules.Add(("fc1", Linear(channels * 4, 32)));
        modules.Add(("relu", ReLU(inplace: true)));
        modules.Add(("drop", Dropout(0.5)));
        modules.Add(("fc2", Linear(32, 10)));
        layers = Sequential(modules);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);
}
