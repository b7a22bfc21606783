using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Affine;

public sealed class AffineCalibrationTests
{
    [Fact]
    public void The_range_is_NaN_until_the_first_batch_gives_it_its_smallest_and_largest_element_and_zero()
    {
        using var scope = NewDisposeScope();
        using var quantizer = Quantizer(new AffineOptions());
        quantizer.IsCalibrated.Should().BeFalse();

        quantizer.Calibrate(Make.Tensor([2, -3, double.NaN, 5, double.PositiveInfinity]));

        Range(quantizer).Should().Be((-3, 5));
        quantizer.IsCalibrated.Should().BeTrue();
        quantizer.Calibrate(Make.Tensor([2, 7]));
        Range(quantizer).Should().Be((0, 7));
    }

    [Fact]
    public void A_percentile_leaves_out_its_share_at_either_end_of_the_finite_elements()
    {
        using var scope = NewDisposeScope();
        using var quantizer = Quantizer(new AffineOptions { Percentile = 0.9 });
        var data = arange(-50, 50, dtype: ScalarType.Float32);

        quantizer.Calibrate(cat([data, full(30, float.NaN)]));

        // 90 of 100 elements are not above 39, and 90 are not below −40.
        Range(quantizer).Should().Be((-40, 39));
    }

    [Fact]
    public void A_percentile_that_covers_only_zeros_gives_way_to_the_whole_range_and_zeros_alone_teach_nothing()
    {
        using var scope = NewDisposeScope();
        using var mostlyZero = Quantizer(new AffineOptions { Percentile = 0.5 });
        using var zero = Quantizer(new AffineOptions());

        mostlyZero.Calibrate(Make.Tensor([0, 0, 0, 0, 6, -1]));
        zero.Calibrate(zeros(10));
        zero.Calibrate(full(3, float.NaN));

        Range(mostlyZero).Should().Be((-1, 6));
        zero.IsCalibrated.Should().BeFalse();
    }

    [Fact]
    public void A_channel_of_zeros_gets_the_range_of_all()
    {
        using var scope = NewDisposeScope();
        using var quantizer = Quantizer(new AffineOptions { Granularity = Granularity.PerChannel() }, scales: 3);

        quantizer.Calibrate(Make.Tensor([1, 2, 0, 0, -3, 4], shape: [3, 2]));

        Near.Numbers(quantizer.state_dict()["range_low"]).Should().Equal(0, -3, -3);
        Near.Numbers(quantizer.state_dict()["range_high"]).Should().Equal(2, 4, 4);
    }

    [Fact]
    public void A_negative_element_makes_a_symmetric_grid_signed_and_the_state_brings_that_along()
    {
        using var scope = NewDisposeScope();
        var options = new AffineOptions { IsSymmetric = true };
        using var source = Quantizer(options);
        using var target = Quantizer(options);
        Near.Numbers(source.state_dict()["is_signed"]).Should().Equal(0);

        source.Calibrate(Make.Tensor([1, -8]));
        target.load_state_dict(source.state_dict());

        target.IsSigned.Should().BeTrue();
        target.IsCalibrated.Should().BeTrue();
        Near.Numbers(target.call(Make.Tensor([-8, 8]))).Should()
            .Equal(Near.Numbers(source.call(Make.Tensor([-8, 8])))).And.Contain(v => v < 0);
    }

    [Fact]
    public void Weights_follow_their_own_range_and_inputs_keep_the_first_unless_chosen_otherwise()
    {
        using var weight = new AffineQuantizer(BitWidth.Fixed("q", 4), QuantizerTarget.Weight);
        using var input = new AffineQuantizer(BitWidth.Fixed("q", 4), QuantizerTarget.Activation);
        using var fixedWeight = new AffineQuantizer(
            BitWidth.Fixed("q", 4), QuantizerTarget.Weight, options: new AffineOptions { Range = RangeSource.Static });

        weight.state_dict().Keys.Should().NotContain("range_low");
        input.state_dict().Keys.Should().Contain(["range_low", "range_high", "is_signed"]);
        (weight.IsCalibrated, input.IsCalibrated, fixedWeight.IsCalibrated).Should().Be((true, false, false));
    }

    [Fact]
    public void Nothing_that_does_not_fit_a_layer_is_taken()
    {
        using var model = nn.Sequential(nn.Linear(5, 3), nn.ReLU(), nn.Linear(3, 2));
        using var input = rand(4, 5);
        foreach (var (scheme, message) in new (QuantizationOptions, string)[]
        {
            (Weights(new AffineOptions { Granularity = Granularity.PerGroup(2) }), "AffineOptions.*per group of 2*'0'*groups of 2*"),
            (Weights(new AffineOptions { Granularity = Granularity.PerChannel(axis: 2) }), "*layer '0'*no dimension 2*"),
            (Inputs(new AffineOptions { Granularity = Granularity.PerChannel() }), "*input of layer '0'*dimension 0 counts samples*"),
            (Inputs(new LsqOptions { Granularity = Granularity.PerGroup(5) }), "LsqOptions.Granularity is per group of 5*input of layer*"),
            (Weights(new AffineOptions { IsSymmetric = false, IsNarrow = true }, minimum: 1), "layer '0': *two bits*"),
            (Weights(new FixedPointOptions(), minimum: 1), "layer '0': *two bits*"),
            (Inputs(new AffineOptions { Percentile = 0 }), "Percentile is 0*"),
            (Inputs(new FixedPointOptions { IntegerBits = 65 }), "IntegerBits is 65*"),
            (Inputs(new FixedPointOptions { IntegerBits = 1, FractionBits = 2 }), "*only one may be given*"),
            (Inputs(new FixedPointOptions { IntegerBits = 1, Range = RangeSource.Dynamic }), "*Range*"),
            (Inputs(new AffineOptions { Range = (RangeSource)7 }), "Range is 7*"),
            (Inputs(new FixedPointOptions { Overflow = (CodeOverflow)7 }), "Overflow is 7*"),
            (Weights(new LsqOptions { Kernels = (KernelChoice)7 }), "Kernels is 7*"),
        })
        {
            FluentActions.Invoking(() => QuantizedModel.Attach(model, input, scheme))
                .Should().Throw<ArgumentException>().WithMessage(message);
            model.state_dict().Keys.Should().OnlyContain(k => !k.Contains("quantizer", StringComparison.Ordinal));
        }

        static QuantizationOptions Weights(QuantizerOptions options, int minimum = 2) => new()
        {
            Weights = options,
            FirstLayerBits = null,
            WeightBits = BitWidthChoice.Learned(minimum: minimum),
        };

        static QuantizationOptions Inputs(QuantizerOptions options) => new() { Activations = options };
    }

    [Fact]
    public void A_transposed_convolution_has_a_scale_for_each_output_channel()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.ConvTranspose2d(4, 6, 2), nn.Flatten(), nn.Linear(6 * 9, 2));
        var perChannel = new AffineOptions { Granularity = Granularity.PerChannel() };
        using var quantized = QuantizedModel.Attach(model, rand(1, 4, 2, 2), new QuantizationOptions { Weights = perChannel });

        using var encoded = quantized.Layers[0].WeightQuantizer.Encode(model.get_parameter("0.weight")!);

        var grid = encoded.Grid.Should().BeOfType<UniformGrid>().Subject;
        grid.Granularity.Should().Be(Granularity.PerChannel(axis: 1));
        grid.Scales.Should().HaveCount(6).And.OnlyHaveUniqueItems();
    }

    private static AffineQuantizer Quantizer(AffineOptions options, long scales = 1) =>
        new(BitWidth.Fixed("q", 8), QuantizerTarget.Activation, isSigned: false, options, scales);

    private static (double Low, double High) Range(AffineQuantizer quantizer) =>
        (Near.Numbers(quantizer.state_dict()["range_low"])[0], Near.Numbers(quantizer.state_dict()["range_high"])[0]);
}
