using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Pact;

public sealed class PactCalibrationTests
{
    [Fact]
    public void Alpha_is_NaN_until_the_first_batch_gives_it_the_percentile_of_the_magnitudes()
    {
        using var scope = NewDisposeScope();
        var quantizer = Quantizer(new PactOptions { Percentile = 0.9 });
        quantizer.IsCalibrated.Should().BeFalse();
        Alpha(quantizer).Should().Be(double.NaN);

        quantizer.Calibrate(arange(1, 101, dtype: ScalarType.Float32));

        quantizer.IsCalibrated.Should().BeTrue();
        Alpha(quantizer).Should().Be(90);
        quantizer.IsSigned.Should().BeFalse();
        quantizer.ClippingValue.requires_grad.Should().BeTrue();
        quantizer.ClippingValue.shape.Should().BeEmpty();
    }

    [Fact]
    public void A_negative_input_switches_to_the_signed_form_and_counts_with_its_magnitude()
    {
        using var scope = NewDisposeScope();
        var quantizer = Quantizer(new PactOptions { Percentile = 1 });

        quantizer.Calibrate(Make.Tensor([1, -8, 3]));

        quantizer.IsSigned.Should().BeTrue();
        Alpha(quantizer).Should().Be(8);
        Near.Numbers(quantizer.call(Make.Tensor([-8, 8]))).Should().Equal(-8, 8);
    }

    [Fact]
    public void A_given_alpha_stays_and_the_form_still_follows_the_data()
    {
        using var scope = NewDisposeScope();
        var quantizer = Quantizer(new PactOptions { ClippingValue = 2.5 });
        quantizer.IsCalibrated.Should().BeTrue();

        quantizer.Calibrate(Make.Tensor([100, -1]));

        Alpha(quantizer).Should().Be(2.5);
        quantizer.IsSigned.Should().BeTrue();
    }

    [Fact]
    public void The_percentile_counts_elements_of_any_shape_and_rounds_their_number_up()
    {
        using var scope = NewDisposeScope();
        var quantizer = Quantizer(new PactOptions { Percentile = 0.5 });

        quantizer.Calibrate(Make.Tensor([5, 1, 4, 2, 3, 7], ScalarType.Float64, 2, 3).transpose(0, 1));

        Alpha(quantizer).Should().Be(3);
    }

    [Fact]
    public void A_percentile_that_covers_only_zeros_gives_way_to_the_largest_value_and_zeros_alone_teach_nothing()
    {
        using var scope = NewDisposeScope();
        var mostlyZero = Quantizer(new PactOptions { Percentile = 0.5 });
        var zero = Quantizer(new PactOptions());

        mostlyZero.Calibrate(Make.Tensor([0, 0, 0, 6]));
        zero.Calibrate(zeros(10));

        Alpha(mostlyZero).Should().Be(6);
        zero.IsCalibrated.Should().BeFalse();
    }

    [Fact]
    public void Alpha_never_starts_below_the_smallest()
    {
        using var scope = NewDisposeScope();
        var quantizer = Quantizer(new PactOptions());

        quantizer.Calibrate(full(10, 1e-12));

        Alpha(quantizer).Should().Be((float)PactQuantizer.SmallestClippingValue);
    }

    [Fact]
    public void Calibration_leaves_no_tensor_behind_and_records_no_gradient()
    {
        using var input = rand(64).requires_grad_();
        using var quantizer = Quantizer(new PactOptions());
        using var scope = NewDisposeScope();

        quantizer.Calibrate(input);

        scope.DisposablesCount.Should().Be(0);
        input.grad.Should().BeNull();
        quantizer.ClippingValue.is_leaf.Should().BeTrue();
    }

    [Fact]
    public void Alpha_and_form_travel_in_the_state_dict()
    {
        using var scope = NewDisposeScope();
        var source = Quantizer(new PactOptions());
        source.Calibrate(Make.Tensor([1, -2, 3]));
        var target = Quantizer(new PactOptions());

        target.load_state_dict(source.state_dict());

        target.IsCalibrated.Should().BeTrue();
        target.IsSigned.Should().BeTrue();
        Alpha(target).Should().Be(Alpha(source));
        source.named_parameters().Select(p => p.name).Should().Equal("alpha");
    }

    private static PactQuantizer Quantizer(PactOptions options) => new(BitWidth.Fixed("a", 8), isSigned: false, options);

    private static double Alpha(PactQuantizer quantizer) => Near.Numbers(quantizer.ClippingValue)[0];
}
