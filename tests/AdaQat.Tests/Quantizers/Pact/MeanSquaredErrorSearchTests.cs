using AdaQat.Quantizers;
using AdaQat.Quantizers.Pact;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Pact;

/// <summary>Clipping values that start where quantizing loses least.</summary>
public sealed class MeanSquaredErrorSearchTests
{
    private static readonly PactOptions MinimumMeanSquaredError = new() { Start = PactStart.MinimumMeanSquaredError };

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    public void No_other_clipping_value_loses_much_less(int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var input = isSigned ? randn(20_000) : randn(20_000).clamp_min(0);

        var chosen = Error(input, Start(input, bits, isSigned), bits, isSigned);

        for (var alpha = 0.05; alpha < 6; alpha += 0.01)
        {
            Error(input, alpha, bits, isSigned).Should().BeGreaterThan(0.995 * chosen);
        }
    }

    [Fact]
    public void Fewer_bits_clip_more()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var input = randn(20_000);

        new[] { 2, 3, 4, 6, 8 }.Select(bits => Start(input, bits, isSigned: true)).Should().BeInAscendingOrder();
    }

    [Fact]
    public void Large_inputs_are_looked_at_in_part_and_tiny_ones_get_the_smallest_range()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var input = randn(3_000_000);

        Start(input, 4, isSigned: true).Should().BeApproximately(Start(input.narrow(0, 0, 200_000), 4, isSigned: true), 0.1);
        Start(full(5, 1e-12), 4, isSigned: false).Should().BeApproximately(PactQuantizer.SmallestClippingValue, 1e-12);
    }

    [Fact]
    public void It_leaves_no_tensor_behind_and_refuses_what_is_none_of_its_choices()
    {
        using var input = rand(64);
        using var quantizer = new PactQuantizer(BitWidth.Fixed("a", 3), isSigned: false, MinimumMeanSquaredError);

        LiveTensors.LeftBy(() => quantizer.Calibrate(input)).Should().Be(0);

        FluentActions.Invoking(() => new PactOptions { Start = (PactStart)9 }.Validate()).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Start is 9; allowed are Percentile, MinimumMeanSquaredError*");
    }

    private static double Start(Tensor input, int bits, bool isSigned)
    {
        using var quantizer = new PactQuantizer(BitWidth.Fixed("a", bits), isSigned, MinimumMeanSquaredError);
        quantizer.Calibrate(input);
        return quantizer.ClippingValue.item<float>();
    }

    private static double Error(Tensor input, double alpha, int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        return (Formula.Activation(input, alpha, bits, isSigned) - input).pow(2).mean().item<float>();
    }
}
