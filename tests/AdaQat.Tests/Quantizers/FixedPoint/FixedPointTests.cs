using AdaQat.Quantizers;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.FixedPoint;

public sealed class FixedPointTests
{
    private static readonly FsCheck.Gen<(int Bits, double Magnitude, bool IsSigned, CodeOverflow Overflow, double[] Values)> Cases =
        from bits in Gen.Choose(1, 8)
        from exponent in Gen.Choose(-12, 12)
        from mantissa in Gen.Choose(64, 128)
        from isSigned in Gen.Elements(true, false)
        from overflow in Gen.Elements(CodeOverflow.Saturate, CodeOverflow.Wrap)
        from values in Arbitrary.Values
        select (bits, Math.ScaleB(mantissa / 128.0, exponent), isSigned, overflow, values);

    [Fact]
    public void The_scale_is_a_power_of_two_with_the_fewest_integer_bits_that_serve() => Arbitrary.ForAll(Cases, c =>
    {
        using var scope = NewDisposeScope();
        using var quantizer = MakeUniform.FixedPoint(c.Bits, c.Magnitude, c.IsSigned, c.Overflow);
        using var encoded = quantizer.Encode(Make.Tensor([c.Magnitude]));
        var grid = (UniformGrid)encoded.Grid;

        Math.Log2(grid.Scales[0]).Should().Be(Math.Round(Math.Log2(grid.Scales[0])));
        grid.Offsets[0].Should().Be(0);
        Serves(grid.Scales[0]).Should().BeTrue();
        Serves(grid.Scales[0] / 2).Should().BeFalse();
        // The largest magnitude of the data does not go round.
        Near.Numbers(encoded.Codes)[0].Should().BeGreaterThanOrEqualTo(0);

        bool Serves(double scale) => c.Overflow == CodeOverflow.Wrap
            ? Math.Round(c.Magnitude / scale) <= grid.LargestCode
            : c.Magnitude / scale <= grid.LargestCode + 1;
    });

    [Fact]
    public void Values_in_range_are_off_by_half_a_step_at_most_and_stay_when_quantized_again() => Arbitrary.ForAll(Cases, c =>
    {
        using var scope = NewDisposeScope();
        using var quantizer = MakeUniform.FixedPoint(c.Bits, c.Magnitude, c.IsSigned, c.Overflow, ScalarType.Float64);
        using var encoded = quantizer.Encode(Make.Tensor(c.Values, ScalarType.Float64));
        var (grid, quantized) = ((UniformGrid)encoded.Grid, Near.Numbers(encoded.Decode()));
        var (low, high) = (grid.SmallestCode * grid.Scales[0], grid.LargestCode * grid.Scales[0]);

        Near.Numbers(quantizer.call(Make.Tensor(quantized, ScalarType.Float64))).Should().Equal(quantized);
        foreach (var (value, result) in c.Values.Zip(quantized))
        {
            result.Should().BeInRange(low, high);
            if (value >= low && value <= high)
            {
                Math.Abs(result - value).Should().BeLessThanOrEqualTo(grid.Scales[0] / 2);
            }
        }
    });

    [Fact]
    public void Wrapped_codes_are_the_lowest_bits_of_the_integer() => Arbitrary.ForAll(Cases, c =>
    {
        using var scope = NewDisposeScope();
        using var quantizer = MakeUniform.FixedPoint(c.Bits, c.Magnitude, c.IsSigned, CodeOverflow.Wrap, ScalarType.Float64);
        using var encoded = quantizer.Encode(Make.Tensor(c.Values, ScalarType.Float64));
        var scale = ((UniformGrid)encoded.Grid).Scales[0];

        Near.Numbers(encoded.Codes).Select(code => (long)code & ((1 << c.Bits) - 1))
            .Should().Equal(c.Values.Select(v => (long)Math.Round(v / scale) & ((1 << c.Bits) - 1)));
    });

    [Fact]
    public void A_given_radix_point_needs_no_data_and_keeps_the_range_or_the_step_as_the_width_moves()
    {
        using var scope = NewDisposeScope();
        var width = BitWidth.Learned("q");
        using var range = new FixedPointQuantizer(width, QuantizerTarget.Weight, options: new FixedPointOptions { IntegerBits = 1 });
        using var step = new FixedPointQuantizer(width, QuantizerTarget.Weight, options: new FixedPointOptions { FractionBits = 3 });
        (range.IsCalibrated, step.IsCalibrated).Should().Be((true, true));

        Format(range, 8).Should().Be("Q1.6");
        Format(range, 4).Should().Be("Q1.2");
        Format(step, 8).Should().Be("Q4.3");
        Format(step, 4).Should().Be("Q0.3");
        Format(step, 2).Should().Be("Q-2.3");

        string? Format(FixedPointQuantizer quantizer, int bits)
        {
            using (width.At(bits))
            {
                return quantizer.Format();
            }
        }
    }

    [Fact]
    public void The_summary_of_a_model_says_the_formats()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2));
        using (no_grad())
        {
            model.get_parameter("0.weight")!.copy_(Make.Tensor([0.1, -0.9, 0.2, 3], shape: [2, 2]));
        }

        var byChannel = new FixedPointOptions { Granularity = Granularity.PerChannel() };
        using var quantized = QuantizedModel.Attach(
            model, rand(4, 2), new QuantizationOptions { Weights = byChannel, Activations = new FixedPointOptions() });
        quantized.Summary().ToString().Should().Contain("Q0.7…Q2.5").And.NotContain("inputs", "they have no range yet");

        model.call(Make.Tensor([0.5, 1.5], shape: [1, 2]));

        quantized.Summary().ToString().Should().Contain("inputs").And.MatchRegex("Q0.7…Q2.5 +UQ1.7");
        ((FixedPointQuantizer)quantized.Layers[0].WeightQuantizer).Format(zeros(2, 2))
            .Should().BeNull("nothing but zeros has no radix point");
    }
}
