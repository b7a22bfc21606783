using AdaQat.Quantizers;

namespace AdaQat.Tests.Quantizers.Scheme;

public sealed class OptionsTests
{
    private static readonly BitWidth Width = BitWidth.Fixed("width", 4);

    public static TheoryData<PactOptions, string> RefusedPactOptions => new()
    {
        { new PactOptions { ClippingValue = 0 }, "ClippingValue is 0; allowed are finite numbers above 0, and null.*" },
        { new PactOptions { ClippingValue = -1.5 }, "ClippingValue is -1.5; allowed are finite numbers above 0, and null.*" },
        { new PactOptions { ClippingValue = double.NaN }, "ClippingValue is NaN; allowed are finite numbers above 0, and null.*" },
        { new PactOptions { ClippingValue = double.PositiveInfinity },
            "ClippingValue is Infinity; allowed are finite numbers above 0, and null.*" },
        { new PactOptions { Percentile = 0 }, "Percentile is 0; allowed are numbers above 0, up to 1.*" },
        { new PactOptions { Percentile = 1.01 }, "Percentile is 1.01; allowed are numbers above 0, up to 1.*" },
        { new PactOptions { Percentile = double.NaN }, "Percentile is NaN; allowed are numbers above 0, up to 1.*" },
        { new PactOptions { Gradient = (PactGradient)7 }, "Gradient is 7; allowed are Calibrated, Original.*" },
        { new PactOptions { Kernels = (KernelChoice)3 }, "Kernels is 3; allowed are Fused, Operators.*" },
    };

    [Theory]
    [MemberData(nameof(RefusedPactOptions))]
    public void Pact_refuses_an_option_by_name_value_and_what_is_allowed(PactOptions options, string message)
    {
        var make = () => new PactQuantizer(Width, isSigned: false, options);

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Fact]
    public void DoReFa_refuses_an_option_by_name_value_and_what_is_allowed()
    {
        var transform = () => new DoReFaQuantizer(Width, new DoReFaOptions { Transform = (WeightTransform)9 });
        var scale = () => new DoReFaQuantizer(Width, new DoReFaOptions { Scale = (WeightScale)(-1) });
        var kernels = () => new DoReFaQuantizer(Width, new DoReFaOptions { Kernels = (KernelChoice)2 });

        transform.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Transform is 9; allowed are Tanh, Linear, Auto.*");
        scale.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Scale is -1; allowed are Preserve, Unit.*");
        kernels.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Kernels is 2; allowed are Fused, Operators.*");
    }

    [Fact]
    public void The_scheme_checks_the_options_of_both_quantizers()
    {
        var weights = () => new QuantizationOptions { Weights = new DoReFaOptions { Scale = (WeightScale)5 } }.Validate();
        var activations = () => new QuantizationOptions { Activations = new PactOptions { Percentile = 2 } }.Validate();

        weights.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Scale is 5*");
        activations.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Percentile is 2*");
        new QuantizationOptions().Invoking(o => o.Validate()).Should().NotThrow();
    }

    [Fact]
    public void Defaults_are_a_transform_that_is_found_a_preserved_scale_and_the_calibrated_gradient()
    {
        new DoReFaOptions().Should().Be(new DoReFaOptions { Transform = WeightTransform.Auto, Scale = WeightScale.Preserve });
        new PactOptions().Should().Be(new PactOptions { Gradient = PactGradient.Calibrated, ClippingValue = null, Percentile = 0.999 });
    }
}
