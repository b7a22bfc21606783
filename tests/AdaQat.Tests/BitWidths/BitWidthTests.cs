namespace AdaQat.Tests.BitWidths;

public sealed class BitWidthTests
{
    [Theory]
    [InlineData(8.0, 8)]
    [InlineData(7.999, 8)]
    [InlineData(7.0001, 8)]
    [InlineData(7.0, 7)]
    [InlineData(2.0000001, 3)]
    [InlineData(2.0, 2)]
    public void The_integer_width_is_the_ceiling_of_the_real_one(double value, int bits)
    {
        BitWidth.Learned("w", new BitWidthRange { Start = value }).Bits.Should().Be(bits);
    }

    [Theory]
    [InlineData(0.25, 7.75)]
    [InlineData(-5.0, 8.0)]
    [InlineData(100.0, 2.0)]
    [InlineData(double.MaxValue, 2.0)]
    public void A_descent_ends_at_the_ends_of_the_range(double descent, double value)
    {
        var width = BitWidth.Learned("w", new BitWidthRange());

        width.Descend(descent);

        width.Value.Should().Be(value);
    }

    [Fact]
    public void Freezing_makes_the_integer_width_in_force_the_value_for_good()
    {
        var width = BitWidth.Learned("w", new BitWidthRange { Start = 4.3 });

        width.Freeze();

        width.IsFrozen.Should().BeTrue();
        width.IsLearned.Should().BeTrue("it was learned until now, which a summary tells apart from a fixed one");
        width.Value.Should().Be(5);
        width.Bits.Should().Be(5);
    }

    [Fact]
    public void A_probed_width_shows_another_integer_and_keeps_its_value()
    {
        var width = BitWidth.Learned("w", new BitWidthRange { Start = 4.3 });

        using (width.At(3))
        {
            width.Bits.Should().Be(3);
            width.Value.Should().Be(4.3);
        }

        width.Bits.Should().Be(5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void A_probe_outside_the_range_is_refused(int bits)
    {
        var width = BitWidth.Learned("w", new BitWidthRange());

        var probe = () => width.At(bits);

        probe.Should().Throw<ArgumentOutOfRangeException>();
        width.Bits.Should().Be(8);
    }

    [Fact]
    public void A_fixed_width_is_frozen_and_was_never_learned()
    {
        var width = BitWidth.Fixed("conv1.weights", 8);

        (width.Value, width.Bits, width.Minimum, width.Maximum).Should().Be((8.0, 8, 8, 8));
        (width.IsFrozen, width.IsLearned).Should().Be((true, false));
        width.ToString().Should().Be("conv1.weights: 8 bits");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(25)]
    public void A_fixed_width_that_no_quantizer_can_have_is_refused(int bits)
    {
        var make = () => BitWidth.Fixed("w", bits);

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"bits is {bits}; allowed are 1 to 24.*");
    }

    [Theory]
    [InlineData(9.0, 2, 8, "Start is 9; allowed are 2 to 8.*")]
    [InlineData(1.5, 2, 8, "Start is 1.5; allowed are 2 to 8.*")]
    [InlineData(double.NaN, 2, 8, "Start is NaN; allowed are 2 to 8.*")]
    [InlineData(4.0, 0, 8, "Minimum is 0; allowed are 1 to 7.*")]
    [InlineData(4.0, 8, 8, "Minimum is 8; allowed are 1 to 7.*")]
    [InlineData(4.0, 2, 25, "Maximum is 25; allowed are 2 to 24.*")]
    [InlineData(1.0, 1, 1, "Maximum is 1; allowed are 2 to 24.*")]
    public void A_range_that_makes_no_sense_is_refused_by_option_value_and_what_is_allowed(
        double start, int minimum, int maximum, string message)
    {
        var make = () => BitWidth.Learned("w", new BitWidthRange { Start = start, Minimum = minimum, Maximum = maximum });

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Fact]
    public void The_text_has_the_real_width_while_it_is_learned()
    {
        BitWidth.Learned("weights", new BitWidthRange { Start = 4.3 }).ToString().Should().Be("weights: 4.300 (5 bits)");
    }
}
