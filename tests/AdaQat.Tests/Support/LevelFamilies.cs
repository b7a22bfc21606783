using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>The families of few and uneven levels, each in the forms that it has.</summary>
internal static class LevelFamilies
{
    private static readonly Dictionary<string, Form> Forms = new()
    {
        ["binary by channel"] = new(1, 1, new BinaryOptions()),
        ["binary by tensor, product rule"] =
            new(1, 1, new BinaryOptions { Granularity = Granularity.PerTensor, Gradient = BinaryGradient.ProductRule }),
        ["binary by operators"] = new(1, 1, new BinaryOptions { Kernels = KernelChoice.Operators }),
        ["ternary by tensor"] = new(2, 2, new TernaryOptions()),
        ["ternary by channel"] = new(2, 2, new TernaryOptions { Granularity = Granularity.PerChannel() }),
        ["ternary with learned scales"] = new(2, 2, new TernaryOptions { Scale = TernaryScale.Learned }),
        ["ternary by channel, by operators"] =
            new(2, 2, new TernaryOptions { Granularity = Granularity.PerChannel(), Kernels = KernelChoice.Operators }),
        ["ternary with learned scales, by operators"] =
            new(2, 2, new TernaryOptions { Scale = TernaryScale.Learned, Kernels = KernelChoice.Operators }),
        ["powers of two of a weight"] = new(2, 8, new PowerOfTwoOptions()),
        ["powers of two, learned"] = new(2, 8, new PowerOfTwoOptions { Range = PowerOfTwoRange.Learned }),
        ["powers of two of an input"] = new(2, 8, new PowerOfTwoOptions(), QuantizerTarget.Activation),
        ["powers of two of an input, by operators"] =
            new(2, 8, new PowerOfTwoOptions { Kernels = KernelChoice.Operators }, QuantizerTarget.Activation),
        ["sums of powers of a weight"] = new(2, 8, new AdditivePowerOfTwoOptions()),
        ["sums of powers of a weight, by operators"] = new(2, 8, new AdditivePowerOfTwoOptions { Kernels = KernelChoice.Operators }),
        ["sums of powers of a standardized weight"] =
            new(2, 8, new AdditivePowerOfTwoOptions { Normalization = WeightNormalization.Standard }),
        ["sums of powers of an input"] = new(2, 8, new AdditivePowerOfTwoOptions(), QuantizerTarget.Activation),
        ["codebook"] = new(1, 8, new CodebookOptions()),
        ["codebook by operators"] = new(1, 8, new CodebookOptions { Kernels = KernelChoice.Operators }),
    };

    public static IEnumerable<string> All => Forms.Keys;

    public static TheoryData<string> Names => [.. Forms.Keys];

    /// <summary>Every family that has several widths.</summary>
    public static TheoryData<string> OfSeveralWidths => [.. Forms.Where(f => f.Value.Least < f.Value.Most).Select(f => f.Key)];

    /// <summary>Every form at every width that it has.</summary>
    public static TheoryData<string, int> NamesAndBits
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (name, form) in Forms)
            {
                foreach (var bits in Enumerable.Range(form.Least, form.Most - form.Least + 1))
                {
                    data.Add(name, bits);
                }
            }

            return data;
        }
    }

    public static Form Of(string name) => Forms[name];

    /// <summary>A quantizer of the type and with the range, or the levels, that a tensor gives it.</summary>
    public static Quantizer Started(string name, int bits, Tensor data)
    {
        var quantizer = Of(name).Create(BitWidth.Fixed("w", bits));
        quantizer.to(data.dtype);
        quantizer.Calibrate(data);
        return quantizer;
    }

    /// <summary>
    /// A scheme in which the form quantizes every weight, or every input, at a width that is learned where it has several.
    /// </summary>
    public static QuantizationOptions Scheme(string name, int? bits = null)
    {
        var form = Of(name);
        var width = bits is { } fixedBits ? BitWidthChoice.Fixed(fixedBits)
            : form.Least == form.Most ? BitWidthChoice.Fixed(form.Least)
            : BitWidthChoice.Learned(Math.Min(form.Most, 4), 2, form.Most);
        var scheme = new QuantizationOptions { FirstLayerBits = null, LastLayerBits = null };
        return form.Target == QuantizerTarget.Weight
            ? scheme with { Weights = form.Options, WeightBits = width, ActivationBits = BitWidthChoice.Fixed(8) }
            : scheme with { Activations = form.Options, ActivationBits = width, WeightBits = BitWidthChoice.Fixed(8) };
    }

    internal sealed record Form(int Least, int Most, QuantizerOptions Options, QuantizerTarget Target = QuantizerTarget.Weight)
    {
        public Quantizer Create(BitWidth width) => Options switch
        {
            BinaryOptions binary => new BinaryQuantizer(width, binary),
            TernaryOptions ternary => new TernaryQuantizer(width, ternary),
            PowerOfTwoOptions power => new PowerOfTwoQuantizer(width, Target, isSigned: false, power),
            AdditivePowerOfTwoOptions additive => new AdditivePowerOfTwoQuantizer(width, Target, isSigned: false, additive),
            CodebookOptions codebook => new CodebookQuantizer(width, codebook),
            _ => throw new ArgumentException(Options.ToString()),
        };
    }
}
