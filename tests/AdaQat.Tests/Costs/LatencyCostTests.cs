using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Costs;

/// <summary>Times by a table with 10, 12, 14 and 20 µs at 4 and 8 bits.</summary>
public sealed class LatencyCostTests
{
    private readonly BitWidth _weights = BitWidth.Learned("w");
    private readonly BitWidth _activations = BitWidth.Learned("a");

    [Theory]
    [InlineData(4, 4, 10, LatencyOrigin.Measured)]
    [InlineData(8, 4, 14, LatencyOrigin.Measured)]
    [InlineData(6, 4, 12, LatencyOrigin.BetweenWidths)]
    [InlineData(4, 5, 10.5, LatencyOrigin.BetweenWidths)]
    [InlineData(6, 6, (10 + 12 + 14 + 20) / 4.0, LatencyOrigin.BetweenWidths)]
    [InlineData(2, 3, 10, LatencyOrigin.OutsideWidths)]
    [InlineData(16, 8, 40, LatencyOrigin.OutsideWidths)]
    [InlineData(16, 6, 34, LatencyOrigin.OutsideWidths)]
    public void A_shape_that_was_measured_is_looked_up_or_estimated_from_its_widths(
        int weightBits, int activationBits, double time, LatencyOrigin origin)
    {
        var estimate = Latencies.Read(Latencies.Rows).Estimate(Layer(Latencies.Shape, weightBits, activationBits));

        estimate.Should().Be(new LatencyEstimate("a", time, origin, Latencies.Shape));
    }

    /// <summary>A kernel of 8 bits that is faster than that of 4 computes a layer of 4 bits as well.</summary>
    [Fact]
    public void Where_more_bits_are_faster_fewer_take_no_longer()
    {
        var table = Latencies.Read(Latencies.Row(4, 8, 30) + Latencies.Row(8, 8, 20));

        table.Estimate(Layer(Latencies.Shape, 4, 8)).Should().Be(new LatencyEstimate("a", 20, LatencyOrigin.Wider, Latencies.Shape));
        table.Estimate(Layer(Latencies.Shape, 8, 8)).Origin.Should().Be(LatencyOrigin.Measured);
    }

    /// <summary>Twice the places are twice the multiplications.</summary>
    [Fact]
    public void A_shape_that_was_not_measured_takes_the_nearest_of_its_kind_in_proportion_and_says_so()
    {
        var other = Latencies.Shape with { Input = "3x8x4", Output = "2x8x4" };

        Latencies.Read(Latencies.Rows + "Linear,10x10,10,10,8,8,1\n").Estimate(Layer(other, 8, 8))
            .Should().Be(new LatencyEstimate("a", 40, LatencyOrigin.OtherShape, Latencies.Shape));
    }

    /// <summary>A layer that is called twice has the multiplications of both calls.</summary>
    [Fact]
    public void Every_call_of_a_layer_takes_its_time()
    {
        var layer = Layer(Latencies.Shape, 8, 8);

        Latencies.Read(Latencies.Rows).Estimate(layer with { Layer = layer.Layer with { Macs = layer.Layer.Macs * 2 } })
            .Microseconds.Should().Be(40);
    }

    [Fact]
    public void The_shapes_of_a_quantized_model_are_those_of_one_sample()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, randn(2, 3, 8, 8), new QuantizationOptions());

        quantized.Profiles.Select(l => l.Shape!.ToString()).Should().Equal(
            "Conv2d 6x3x3x3, 3x8x8 to 6x8x8", "Conv2d 8x6x3x3, 6x8x8 to 8x4x4", "Linear 10x128, 128 to 10");
        quantized.Profiles.Select(l => l.Shape!.Macs).Should().Equal(quantized.Profiles.Select(l => (double)l.Macs));
    }

    [Fact]
    public void A_template_has_a_row_for_each_shape_and_pair_of_widths_and_filled_in_it_serves()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, randn(2, 3, 8, 8), new QuantizationOptions());
        var path = folder.In("times.csv");

        LatencyTable.WriteTemplate(path, quantized.Profiles, [4, 8], [8]);

        FluentActions.Invoking(() => LatencyTable.Read(path)).Should().Throw<InvalidDataException>()
            .WithMessage("*times.csv', line 2, column 'microseconds': '' is no number above 0.");
        var lines = File.ReadAllLines(path);
        lines.Should().HaveCount(1 + (3 * 2));
        File.WriteAllLines(path, lines.Select((line, i) => i == 0 ? line : line + "7"));
        var cost = new LatencyCost(LatencyTable.Read(path));
        quantized.Cost(cost).Should().Be(21);
        cost.Estimates(LayerBits.InForce(quantized.Profiles)).Select(e => e.Origin).Should().AllBeEquivalentTo(LatencyOrigin.Measured);
    }

    [Theory]
    [InlineData("2x4x4,4,8,12", "2x4x4,4,9,12", "*lines 2 to 5: Conv2d 2x3x3x3*no time at 4 weight and 8*")]
    [InlineData("2x4x4,4,8,12", "2x4x4,4,4,12", "*line 3, column 'activationBits': '4' has a time of*")]
    [InlineData("4,8,12", "0,8,12", "*line 3, column 'weightBits': '0' is no width; allowed are whole numbers from 1 to 32.")]
    [InlineData("4,8,12", "4,8,-1", "*line 3, column 'microseconds': '-1' is no number above 0.")]
    [InlineData("2x3x3x3,3x4x4,2x4x4,4,8,12", "2 by 3,3x4x4,2x4x4,4,8,12", "*line 3, column 'weight': '2 by 3' is no shape;*")]
    public void What_is_wrong_in_a_table_is_told_by_line_and_column(string good, string bad, string message)
    {
        FluentActions.Invoking(() => Latencies.Read(Latencies.Rows.Replace(good, bad, StringComparison.Ordinal)))
            .Should().Throw<InvalidDataException>().WithMessage(message);
    }

    private LayerBits Layer(LayerShape shape, int weightBits, int activationBits) =>
        new(Latencies.Layer("a", shape, _weights, _activations), weightBits, activationBits);
}
