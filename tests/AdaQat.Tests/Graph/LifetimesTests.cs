using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>When activations are needed, and the most memory at once, in closed form.</summary>
public sealed class LifetimesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_chain_needs_its_input_and_its_output_of_each_step(int length)
    {
        var g = new GraphBuilder("chain");
        var x = g.Input("x", [1, 10]);
        for (var i = 0; i < length; i++)
        {
            x = g.Relu(x);
        }

        var lifetimes = ActivationLifetimes.Of(g.Output("y", x).Build());

        lifetimes.Peak().Amount.Should().Be(20);
        lifetimes.Lifetimes.Select(memory => (memory.Born, memory.LastUsed)).Should().Equal(
            [(0, 0), .. Enumerable.Range(0, length).Select(step => (step, Math.Min(step + 1, length - 1)))]);
    }

    [Fact]
    public void Fused_operators_of_single_elements_need_their_results_memory_alone()
    {
        var g = new GraphBuilder("layer");
        var x = g.Convolution(g.Input("x", [1, 2, 4, 4]), Weight(g, 8, 2, 1, 1));
        x = g.Quantize(g.Relu(x), new QuantizeOperator(0.1, 0, 0, 15));
        var graph = g.Output("y", x).Build();

        // Input of 32, output of 128 elements; unfused two of 128 at once.
        ActivationLifetimes.Of(graph).Peak().Amount.Should().Be(256);
        var fused = ActivationLifetimes.Of(graph, fuses: true);
        fused.Peak().Amount.Should().Be(160);
        fused.Peak(value => value == x ? 4 : 8).Amount.Should().Be((32 * 8) + (128 * 4));
        fused.Lifetimes[1].Value.Should().Be(x);
        fused.Lifetimes[1].Sharing.Should().HaveCount(2);
    }

    [Fact]
    public void A_value_with_a_second_reader_is_not_fused_away()
    {
        var g = new GraphBuilder("two readers");
        var x = g.Convolution(g.Input("x", [1, 1, 4, 4]), Weight(g, 1, 1, 1, 1));
        var graph = g.Output("y", g.Add(g.Relu(x), x)).Build();

        // The convolution's result and that of ReLU are both there for the sum, and so is the sum.
        ActivationLifetimes.Of(graph, fuses: true).Peak().Should().Match<PeakMemory>(peak => peak.Amount == 48 && peak.Node.Name == "add");
    }

    [Fact]
    public void A_shortcut_is_in_memory_until_the_sum()
    {
        var g = new GraphBuilder("block");
        var x = g.Input("x", [1, 4, 4, 4]);
        var y = g.Convolution(x, Weight(g, 16, 4, 1, 1), name: "wide");
        y = g.Convolution(y, Weight(g, 4, 16, 1, 1), name: "narrow");
        var lifetimes = ActivationLifetimes.Of(g.Output("y", g.Add(y, x)).Build());

        // narrow: the shortcut, 256 in, 64 out.
        lifetimes.Peak().Should().Match<PeakMemory>(peak => peak.Amount == 64 + 256 + 64 && peak.Node.Name == "narrow");
        lifetimes.Lifetimes[0].LastUsed.Should().Be(2);
    }

    [Fact]
    public void Reshapes_are_views_that_keep_what_they_look_into()
    {
        var g = new GraphBuilder("views");
        var x = g.Relu(g.Input("x", [1, 2, 8]));
        var flat = g.Flatten(x);
        var y = g.Add(flat, flat);
        var lifetimes = ActivationLifetimes.Of(g.Output("y", y).Build());

        lifetimes.Peak().Amount.Should().Be(32);
        lifetimes.Lifetimes.Select(memory => memory.Value).Should().Equal(new GraphValue(0, [1, 2, 8]), x, y);
        lifetimes.Lifetimes[1].Sharing.Should().Equal(flat);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    public void Parts_of_a_split_are_views_where_their_elements_are_neighbours(long batch, int memories)
    {
        // One image: the parts are halves of the input. Two: each part is gathered from both, a copy.
        var g = new GraphBuilder("split");
        var parts = g.Split(g.Input("x", [batch, 4, 8]), 1, [2, 2]);
        var graph = g.Output("y", g.Add(parts[0], parts[1])).Build();

        var lifetimes = ActivationLifetimes.Of(graph);

        lifetimes.Lifetimes.Should().HaveCount(memories);
        lifetimes.Peak().Amount.Should().Be(batch == 1 ? 32 + 16 : 64 + 32 + 32);
    }

    [Theory]
    [InlineData(1, 8 + 4)]
    [InlineData(2, 8 + 2 + 2)]
    public void A_slice_with_a_step_is_a_copy(long step, long elements)
    {
        var g = new GraphBuilder("slice");
        var graph = g.Output("y", g.Relu(g.Slice(g.Input("x", [8]), 0, 2, 6, step))).Build();

        ActivationLifetimes.Of(graph).Lifetimes.Sum(memory => memory.Value.Shape.ElementCount).Should().Be(elements);
    }

    [Fact]
    public void Outputs_stay_until_the_end_and_parameters_are_not_counted()
    {
        var g = new GraphBuilder("two heads");
        var x = g.Input("x", [1, 4]);
        var first = g.Linear(x, g.Quantize(Weight(g, 2, 4), new QuantizeOperator(0.1, 0, -8, 7)));
        var second = g.Relu(g.Relu(x));
        var lifetimes = ActivationLifetimes.Of(g.Output("a", first).Output("b", second).Build());

        lifetimes.Steps.Select(step => step.Name).Should().Equal("linear", "relu", "relu_2");
        lifetimes.Lifetimes.Should().HaveCount(4);
        lifetimes.Peak().Should().Match<PeakMemory>(peak => peak.Amount == 4 + 2 + 4 && peak.Node.Name == "relu");
    }

    [Fact]
    public void A_graph_that_computes_nothing_is_refused()
    {
        var g = new GraphBuilder("identity");
        var graph = g.Output("y", g.Input("x", [1])).Build();

        graph.Invoking(identity => ActivationLifetimes.Of(identity)).Should().Throw<GraphException>()
            .WithMessage("*'identity' computes nothing*");
    }

    private static GraphValue Weight(GraphBuilder g, params long[] shape) =>
        g.Constant($"w{string.Join('x', shape)}", GraphOracle.ToGraph(GraphOracle.Noise(1, shape)));
}
