using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>Where outputs of layers meet.</summary>
public sealed class JoinsTests
{
    [Fact]
    public void Layers_whose_outputs_are_added_over_several_blocks_are_one_set()
    {
        var net = new Net();
        var x = net.Layer("stem", net.Image);
        for (var block = 0; block < 2; block++)
        {
            var y = net.Layer($"{block}.conv2", net.G.Relu(net.Layer($"{block}.conv1", x)));
            x = net.G.Relu(net.G.Add(net.G.Relu(y), x));
        }

        var graph = net.Graph(x);

        Names(GraphJoins.Sets(graph)).Should().Equal("stem 0.conv2 1.conv2");
        GraphJoins.Of(graph).Select(join => join.ToString()).Should().Equal(
            "add: stem + 0.conv2", "add_2: stem + 0.conv2 + 1.conv2");
    }

    [Fact]
    public void Layers_that_do_not_meet_are_in_no_set()
    {
        var net = new Net();

        var graph = net.Graph(net.Layer("b", net.Layer("a", net.Image)));

        GraphJoins.Of(graph).Should().BeEmpty();
        GraphJoins.Sets(graph).Should().BeEmpty();
    }

    [Fact]
    public void A_concatenation_is_a_join_of_its_own_kind()
    {
        var net = new Net();
        var (a, b) = (net.Layer("a", net.Image), net.Layer("b", net.Image));

        var graph = net.Graph(net.G.Concat([a, net.G.MaxPool(b, 1)], 1));

        GraphJoins.Of(graph).Should().ContainSingle().Which.Should().Match<GraphJoin>(join => join.Kind == JoinKind.Concat
            && join.ToString() == "concat: a + b");
        GraphJoins.Sets(graph).Should().BeEmpty();
        Names(GraphJoins.Sets(graph, JoinKind.Concat)).Should().Equal("a b");
    }

    [Fact]
    public void The_input_of_the_graph_meets_what_is_added_to_it()
    {
        var net = new Net();

        Names(GraphJoins.Sets(net.Graph(net.G.Add(net.Layer("a", net.Image), net.Image)))).Should().Equal("image a");
    }

    [Fact]
    public void A_gate_meets_what_it_is_multiplied_with()
    {
        var net = new Net();
        var x = net.Layer("a", net.Image);
        var gate = net.G.Activation(net.Layer("gate", net.G.AdaptivePool(x, Reduction.Mean, [1, 1])), ActivationFunction.Sigmoid);

        Names(GraphJoins.Sets(net.Graph(net.G.Multiply(x, gate)))).Should().Equal("a gate");
    }

    [Fact]
    public void Numbers_and_parameters_are_no_layers()
    {
        var net = new Net();
        var x = net.G.Multiply(net.Layer("a", net.Image), net.G.Number(2));

        GraphJoins.Of(net.Graph(x)).Should().BeEmpty();
    }

    [Fact]
    public void A_depthwise_convolution_has_the_channels_of_what_it_reads()
    {
        var net = new Net();

        var graph = net.Graph(net.Layer("c", net.Layer("b", net.Layer("a", net.Image), groups: 4)));

        GraphJoins.Sets(graph).Should().BeEmpty();
        Names(GraphJoins.Sets(graph, JoinKind.Elementwise | JoinKind.Depthwise)).Should().Equal("a b");
    }

    [Fact]
    public void Outputs_are_followed_through_splits_permutations_and_quantizers()
    {
        var net = new Net();
        var grid = new QuantizeOperator(0.1, 0, -8, 7);
        var a = net.G.Split(net.G.Transpose(net.G.Quantize(net.Layer("a", net.Image), grid), 2, 3), 1, [2, 2]);

        Names(GraphJoins.Sets(net.Graph(net.G.Add(a[0], net.G.Slice(net.Layer("b", net.Image), 1, 2))))).Should().Equal("a b");
    }

    private static IEnumerable<string> Names(IEnumerable<EquatableList<GraphNode>> sets) =>
        sets.Select(set => string.Join(' ', set.Select(layer => layer.Name)));

    /// <summary>A network of 1×1 convolutions of four channels.</summary>
    private sealed class Net
    {
        public Net() => Image = G.Input("image", [1, 4, 8, 8]);

        public GraphBuilder G { get; } = new("net");

        public GraphValue Image { get; }

        public GraphValue Layer(string name, GraphValue x, long groups = 1) => G.Convolution(
            x, G.Constant($"{name}.weight", GraphTensor.Of([4, 4 / groups, 1, 1], new float[16 / groups])), groups: groups, name: name);

        public ModelGraph Graph(GraphValue output) => G.Output("y", output).Build();
    }
}
