using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>How many bits values take where they are stored.</summary>
public sealed class StoredBitsTests
{
    [Fact]
    public void What_a_quantizer_makes_takes_its_bits_until_it_is_computed_with()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [1, 4, 4, 4]);
        var four = g.Quantize(x, new QuantizeOperator(0.1, 0, 0, 15));
        var two = g.Quantize(x, new QuantizeOperator(0.1, 0, -2, 1));
        var pooled = g.MaxPool(four, 2);
        var part = g.Split(g.Transpose(pooled, 2, 3), 1, [1, 3])[1];
        var joined = g.Concat([two, four], 1);
        var mean = g.AveragePool(four, 2);
        var bits = StoredBits.Of(g.Output("y", joined).Build());

        new[] { x, four, two, pooled, part, joined, mean }.Select(value => bits[value]).Should().Equal(32, 4, 2, 4, 4, 4, 32);
        bits.Invoking(b => b[new(99, [1])]).Should().Throw<GraphException>().WithMessage("*%99*");
    }

    [Fact]
    public void The_peak_of_a_quantized_layer_is_that_of_its_codes()
    {
        var g = new GraphBuilder("layer");
        var x = g.Quantize(g.Input("x", [1, 2, 4, 4]), new QuantizeOperator(0.1, 0, 0, 255));
        var y = g.Relu(g.Convolution(x, g.Constant("w", GraphTensor.Of([8, 2, 1, 1], new float[16]))));
        var graph = g.Output("y", g.Quantize(y, new QuantizeOperator(0.1, 0, 0, 15))).Build();
        var bits = StoredBits.Of(graph);

        // 32 numbers become codes of 8 bits; 32 codes of 8 bits become 128 of 4 bits, while the input of the graph is done with.
        var peak = ActivationLifetimes.Of(graph, fuses: true).Peak(value => bits[value]);

        peak.Amount.Should().Be(Math.Max((32 * 32) + (32 * 8), (32 * 8) + (128 * 4)));
        peak.Node.Name.Should().Be("quantize");
    }
}
