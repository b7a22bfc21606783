using AdaQat.Export;
using AdaQat.Graph;

namespace AdaQat.Tests.OnnxFusing;

/// <summary>Rectifiers and clamps that become limits of codes.</summary>
public sealed class LimitedGridsTests
{
    [Theory]
    [InlineData(0, -127, 127)]
    [InlineData(0, 0, 15)]
    [InlineData(-37, 0, 255)]
    [InlineData(5, -5, 250)]
    public void Values_are_the_same_whatever_the_grid(double offset, long lowest, long highest)
    {
        var g = new GraphBuilder("limits");
        var x = g.Input("x", [1, 1000]);
        var grid = new QuantizeOperator(0.043, offset, lowest, highest);
        var graph = g.Output("relu_y", g.Quantize(g.Relu(x), grid))
            .Output("relu6_y", g.Quantize(g.Clamp(x, 0, 1.5), grid))
            .Output("above_y", g.Quantize(g.Clamp(x, 0.2, null), grid))
            .Output("twice_y", g.Quantize(g.Clamp(g.Clamp(x, -1, 0.4), 0.1, 2), grid))
            .Output("wide_y", g.Quantize(g.Clamp(x, -1e30, 1e30), grid)).Build();
        var numbers = OnnxAgreement.Noise(3, [1, 1000]);

        var limited = LimitedGrids.Of(graph);

        new GraphInterpreter(limited).Run([numbers]).Select(value => value.ToFloat64()).Should().BeEquivalentTo(
            new GraphInterpreter(graph).Run([numbers]).Select(value => value.ToFloat64()), options => options.WithStrictOrdering());
        limited.Nodes.Count(node => node.Operator is ReluOperator).Should().Be(0);
    }

    [Fact]
    public void What_something_else_reads_stays()
    {
        var g = new GraphBuilder("read");
        var rectified = g.Relu(g.Input("x", [1, 4]));
        var graph = g.Output("codes", g.Quantize(rectified, new QuantizeOperator(0.1, 0, -7, 7))).Output("floats", rectified).Build();

        var limited = LimitedGrids.Of(graph);

        limited.Nodes.Count(node => node.Operator is ReluOperator).Should().Be(1);
        limited.Nodes.Select(node => node.Operator).OfType<QuantizeOperator>().Single().Should().Be(new QuantizeOperator(0.1, 0, 0, 7));
    }

    [Fact]
    public void Grids_that_are_no_bytes_are_left_as_they_are()
    {
        var g = new GraphBuilder("halves");
        var graph = g.Output("y", g.Quantize(g.Relu(g.Input("x", [1, 4])), new QuantizeOperator(0.1, -0.5, 0, 1))).Build();

        LimitedGrids.Of(graph).Should().Be(graph);
    }
}
