using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Families of quantizers that integer networks have a form for, by name, and a small network that is quantized by them.</summary>
internal static class DeployedFamilies
{
    private static readonly AffineOptions Asymmetric = new() { IsSymmetric = false };

    private static readonly Dictionary<string, (QuantizerOptions Weights, QuantizerOptions Inputs, int Least, int Most)> Choices = new()
    {
        ["DoReFa, PACT"] = (new DoReFaOptions(), new PactOptions(), 1, 8),
        ["DoReFa linear, unit scale"] = (
            new DoReFaOptions { Transform = WeightTransform.Linear, Scale = WeightScale.Unit }, new PactOptions(), 1, 8),
        ["affine"] = (new AffineOptions(), new AffineOptions(), 1, 8),
        ["affine, asymmetric"] = (Asymmetric, Asymmetric, 1, 8),
        ["affine, asymmetric weights by channel"] = (Asymmetric with { Granularity = Granularity.PerChannel() }, Asymmetric, 1, 8),
        ["affine, narrow"] = (
            new AffineOptions { IsNarrow = true }, new AffineOptions { IsSymmetric = true, Percentile = 0.999 }, 2, 8),
        ["LSQ"] = (new LsqOptions(), new LsqOptions(), 1, 8),
        ["LSQ by channel, PACT"] = (new LsqOptions { Granularity = Granularity.PerChannel() }, new PactOptions(), 1, 8),
        ["fixed point"] = (new FixedPointOptions(), new FixedPointOptions(), 2, 8),
        ["fixed point, weights that wrap"] = (new FixedPointOptions { Overflow = CodeOverflow.Wrap }, new FixedPointOptions(), 2, 8),
        ["learned range"] = (new LearnedRangeOptions(), new LearnedRangeOptions(), 2, 8),
        ["binary, LSQ"] = (new BinaryOptions(), new LsqOptions(), 1, 1),
        ["binary by tensor, PACT"] = (new BinaryOptions { Granularity = Granularity.PerTensor }, new PactOptions(), 1, 1),
        ["ternary, PACT"] = (new TernaryOptions(), new PactOptions(), 2, 2),
        ["ternary by channel, affine"] = (new TernaryOptions { Granularity = Granularity.PerChannel() }, Asymmetric, 2, 2),
        ["powers of two, PACT"] = (new PowerOfTwoOptions(), new PactOptions(), 2, 4),
        ["powers of two, learned range, LSQ"] = (new PowerOfTwoOptions { Range = PowerOfTwoRange.Learned }, new LsqOptions(), 2, 4),
        ["sums of powers of two, PACT"] = (new AdditivePowerOfTwoOptions(), new PactOptions(), 2, 6),
    };

    /// <summary>Each at its least and its most bits and some between; the defaults at all.</summary>
    public static TheoryData<string, int> NamesAndBits
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (name, (_, _, least, most)) in Choices)
            {
                int[] bits = name == "DoReFa, PACT" ? [1, 2, 3, 4, 5, 6, 7, 8] : [least, 3, 4, most];
                foreach (var each in bits.Where(each => each >= least && each <= most).Distinct())
                {
                    data.Add(name, each);
                }
            }

            return data;
        }
    }

    /// <summary>A choice, with the first and the last layer's bits as all others'.</summary>
    public static QuantizationOptions Options(string name, int bits) => Options(Choices[name].Weights, Choices[name].Inputs, bits);

    /// <summary>Two families at some bits everywhere; families with one width have that.</summary>
    public static QuantizationOptions Options(QuantizerOptions weights, QuantizerOptions activations, int bits) => new()
    {
        Weights = weights,
        Activations = activations,
        WeightBits = BitWidthChoice.Fixed(bits),
        ActivationBits = BitWidthChoice.Fixed(bits),
        FirstLayerBits = null,
        LastLayerBits = null,
        WeightSharing = WidthSharing.Layer,
        ActivationSharing = WidthSharing.Layer,
    };

    /// <summary>Padded layers behind an image and a linear bottleneck, whose grids have signs, and behind a ReLU.</summary>
    public static nn.Module<Tensor, Tensor> Network()
    {
        manual_seed(11);
        var model = nn.Sequential(
            ("conv1", nn.Conv2d(3, 8, 3, padding: 1)), ("bn1", nn.BatchNorm2d(8)), ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(8, 8, 3, padding: 1, groups: 2)), ("bn2", nn.BatchNorm2d(8)),
            ("conv3", nn.Conv2d(8, 6, 3, stride: 2, padding: 1)), ("relu3", nn.ReLU()),
            ("flat", nn.Flatten()), ("fc", nn.Linear(54, 4)));
        using var guard = no_grad();
        foreach (var (_, module) in model.named_modules())
        {
            if (module is NormBase norm)
            {
                norm.running_mean!.normal_(0, 0.2);
                norm.running_var!.uniform_(0.5, 1.5);
                norm.weight!.normal_(0, 1);
                norm.bias!.normal_(0, 0.3);
            }
        }

        model.eval();
        return model;
    }
}
