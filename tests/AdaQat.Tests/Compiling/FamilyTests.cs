using AdaQat.Export;
using AdaQat.Quantizers;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using static TorchSharp.torch;

namespace AdaQat.Tests.Compiling;

/// <summary>Every family of quantizers, from a model to integers: it is computed exactly, or refused by name with what to do.</summary>
public sealed class FamilyTests
{
    public static TheoryData<string, int> Families => DeployedFamilies.NamesAndBits;

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_in_integers_has_the_codes_of_the_quantized_network(string family, int bits)
    {
        using var model = DeployedFamilies.Network();
        using var input = randn(4, 3, 6, 6);
        using var quantized = QuantizedModel.Attach(model, input, DeployedFamilies.Options(family, bits));
        quantized.Calibrate([input]);

        var compiled = IntegerCompiler.Compile(quantized, input);
        var report = Equivalence.Check(quantized, compiled, [input], layerImages: 2);

        report.Layers.Should().HaveCount(4).And.OnlyContain(
            layer => layer.Different == 0 || layer.LargestDistance < 1e-9, "all sums are exact: " + report);
        report.LargestDifference.Should().BeLessThan(1e-4, report.ToString());
        compiled.Nodes.OfType<ConvolutionNode>().Select(node => node.Weights.Bits).Should().OnlyContain(
            stored => stored <= bits || bits == 6, "all but a table of 64 sums of powers take the bits that they were trained with");
    }

    public static TheoryData<string> Refused() =>
        ["codebook", "learned ternary", "powers of 5 bits", "sums of 7 bits", "powers in inputs", "inputs by channel", "weights by group",
            "dynamic range", "inputs that wrap"];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_has_no_form_is_refused_by_the_layers_name_with_what_to_do(string what)
    {
        var (options, message) = what switch
        {
            "codebook" => (Of(new CodebookOptions(), new PactOptions(), 4), "*conv1*weight*one step*another family*"),
            "learned ternary" =>
                (Of(new TernaryOptions { Scale = TernaryScale.Learned }, new PactOptions(), 2), "*conv1*weight*one step*another family*"),
            "powers of 5 bits" => (Of(new PowerOfTwoOptions(), new PactOptions(), 5), "*conv1*weight*2 to 4 bits*"),
            "sums of 7 bits" => (Of(new AdditivePowerOfTwoOptions(), new PactOptions(), 7), "*conv1*weight*2 to 6 bits*"),
            "powers in inputs" => (Of(new LsqOptions(), new PowerOfTwoOptions(), 3), "*conv1*input*uniform family*"),
            "inputs by channel" => (Of(new LsqOptions(), new AffineOptions { Granularity = Granularity.PerChannel(axis: 1) }, 4),
                "*conv1*3 scales*one scale*"),
            "weights by group" => (Of(new AffineOptions { Granularity = Granularity.PerGroup(9) }, new PactOptions(), 4),
                "*conv1*group of 9*by channel*"),
            "dynamic range" =>
                (Of(new LsqOptions(), new AffineOptions { Range = RangeSource.Dynamic }, 4), "*conv1*input*RangeSource.Static*"),
            _ => (Of(new LsqOptions(), new FixedPointOptions { Overflow = CodeOverflow.Wrap, FractionBits = 3 }, 4), "*conv1*"),
        };
        using var model = DeployedFamilies.Network();
        using var input = randn(4, 3, 6, 6);
        using var quantized = QuantizedModel.Attach(model, input, options);
        quantized.Calibrate([input]);

        FluentActions.Invoking(() => IntegerCompiler.Compile(quantized, input)).Should().Throw<Exception>().WithMessage(message)
            .Which.Should().Match<Exception>(fault => fault is CaptureException || fault is IntegerCompilerException);

        static QuantizationOptions Of(QuantizerOptions weights, QuantizerOptions activations, int bits) =>
            DeployedFamilies.Options(weights, activations, bits);
    }
}
