using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Graph;

/// <summary>Fake quantization onto uniform grids.</summary>
public sealed class GridsTests
{
    [Fact]
    public void Each_number_becomes_the_nearest_value_and_of_two_the_even_code()
    {
        Quantized(new(0.5, 0, -2, 3), 0, 0.1, 0.25, 0.26, 0.75, -0.75, 9, -9).Should().Equal(0, 0, 0, 0.5, 1, -1, 1.5, -1);
    }

    [Fact]
    public void A_grid_with_a_half_offset_has_no_zero()
    {
        // DoReFa's two bits: −3/2, −1/2, 1/2, 3/2 times the scale.
        Quantized(new(2, 0.5, -2, 1), 0.1, -0.1, 2, 100, -100).Should().Equal(1, -1, 1, 3, -3);
    }

    [Fact]
    public void Values_are_the_scale_times_code_and_offset_rounded_once()
    {
        // In float32: 0.1f · 3 rounded to float32, not the double 0.3.
        var x = GraphTensor.Of([1], [0.3f]);
        var scale = (double)0.1f;

        new QuantizeOperator(scale, 0, 0, 7).Evaluate(x)[0].ToFloat32().Should().Equal(0.1f * 3);
    }

    [Fact]
    public void Scales_per_channel_are_TorchSharps()
    {
        var x = GraphOracle.Noise(1, 2, 3, 4);
        double[] scales = [0.1, 0.25, 0.7];
        var s = tensor(scales).reshape(1, 3, 1);

        GraphOracle.Check(
            new QuantizeOperator([.. scales], [0, 0, 0], -4, 3, axis: 1), () => (x / s).round().clamp(-4, 3) * s, x);
    }

    [Fact]
    public void Scales_per_group_follow_the_elements_of_a_channel()
    {
        var x = GraphOracle.Noise(1, 2, 6);
        double[] scales = [0.1, 0.2, 0.3, 0.4];
        var s = tensor(scales).reshape(2, 2, 1);

        GraphOracle.Check(
            new QuantizeOperator([.. scales], [0, 0, 0, 0], -4, 3, axis: 0, groupSize: 3),
            () => ((x.reshape(2, 2, 3) / s).round().clamp(-4, 3) * s).reshape(2, 6), x);
    }

    [Fact]
    public void A_scale_of_zero_gives_zeros()
    {
        Quantized(new(0, 0.5, -2, 1), 0, 1, -1).Should().Equal(0, 0, 0);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(-1, 1, 2)]
    [InlineData(0, 3, 2)]
    [InlineData(0, 4, 3)]
    [InlineData(-128, 127, 8)]
    [InlineData(long.MinValue, long.MaxValue, 64)]
    public void Bits_are_those_that_all_codes_need(long lowest, long highest, int bits)
    {
        new QuantizeOperator(1, 0, lowest, highest).Bits.Should().Be(bits);
    }

    [Fact]
    public void A_grid_for_other_channels_is_refused()
    {
        var grid = new QuantizeOperator([1, 2], [0, 0], 0, 1, axis: 1);

        grid.Invoking(g => g.InferShapes([[2, 3]])).Should().Throw<GraphException>().WithMessage("it has 2 scales*needs 3 along axis 1*");
    }

    [Fact]
    public void An_offset_that_is_no_multiple_of_a_half_is_refused()
    {
        var make = () => new QuantizeOperator(1, 0.3, 0, 1);

        make.Should().Throw<GraphException>().WithMessage("an offset is 0.3*");
    }

    private static double[] Quantized(QuantizeOperator grid, params double[] x) =>
        grid.Evaluate(GraphTensor.Of([x.Length], x))[0].ToFloat64();
}
