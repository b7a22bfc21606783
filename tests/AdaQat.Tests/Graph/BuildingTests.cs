using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>Graphs described by hand.</summary>
public sealed class BuildingTests
{
    [Fact]
    public void One_number_stands_for_all_axes_of_an_image()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("image", [1, 3, 8, 8]);

        var y = g.Convolution(x, g.Constant("w", Zeros(4, 3, 3, 3)), stride: 2, padding: 1);

        y.Shape.Should().Equal(1, 4, 4, 4);
        Made(g, y).Operator.Should().Be(new ConvolutionOperator([2, 2], [1, 1], [1, 1]));
    }

    [Fact]
    public void Each_axis_can_have_its_own_number()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("image", [1, 3, 8, 8]);

        var y = g.MaxPool(x, [2, 4], padding: [1, 0]);

        Made(g, y).Operator.Should().Be(new MaxPoolOperator([2, 4], [2, 4], [1, 0], [1, 1]));
    }

    [Fact]
    public void Negative_axes_count_from_the_last()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [2, 3, 4]);

        g.Transpose(x, -1, -2).Shape.Should().Equal(2, 4, 3);
        g.Softmax(x, -1).Should().Match<GraphValue>(y => Made(g, y).Operator.Equals(new SoftmaxOperator(2)));
        g.Reduce(x, Reduction.Mean, [-1, -2]).Shape.Should().Equal(2);
        g.Concat([x, x], -1).Shape.Should().Equal(2, 3, 8);
        g.Unsqueeze(x, -1).Shape.Should().Equal(2, 3, 4, 1);
        g.Select(x, -2, -1).Shape.Should().Equal(2, 4);
        g.Flatten(x, -2).Shape.Should().Equal(2, 12);
        g.Permute(x, [-1, 0, 1]).Shape.Should().Equal(4, 2, 3);
    }

    [Fact]
    public void Names_are_made_of_the_module_and_the_operator()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [2, 3]);
        using (g.InModule("layer1"))
        {
            x = g.Relu(g.Relu(x));
            using (g.InModule("layer1.0"))
            {
                x = g.Relu(x);
            }

            x = g.Relu(x, name: "last");
        }

        g.Output("y", g.Relu(x));

        g.Build().Nodes.Select(node => (node.Name, node.Module)).Should().Equal(
            ("x", ""), ("layer1.relu", "layer1"), ("layer1.relu_2", "layer1"), ("layer1.0.relu", "layer1.0"), ("last", "layer1"),
            ("relu", ""), ("y", ""));
    }

    [Fact]
    public void An_operator_that_does_not_fit_is_refused_by_the_name_its_node_would_have_had()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("image", [1, 3, 8, 8]);
        var w = g.Constant("w", Zeros(4, 2, 3, 3));
        using var stem = g.InModule("stem");

        g.Invoking(b => b.Convolution(x, w)).Should().Throw<GraphException>()
            .WithMessage("Node 'stem.conv2d': the input [1,3,8,8] has 3 channels and the weight [4,2,3,3] is for 2 in each of 1 groups*")
            .Which.Node.Should().Be("stem.conv2d");
    }

    [Fact]
    public void An_attribute_outside_what_is_allowed_is_refused_by_the_name_its_node_would_have_had()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("image", [1, 3, 8, 8]);

        g.Invoking(b => b.MaxPool(x, 3, padding: 2, name: "pool")).Should().Throw<GraphException>()
            .WithMessage("Node 'pool': the padding is [2,2]; allowed is at most half of the kernel [3,3].");
    }

    [Fact]
    public void What_was_refused_was_not_added()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [2, 3]);
        g.Invoking(b => b.Add(x, g.Input("y", [2, 4]))).Should().Throw<GraphException>();

        g.Output("z", x);

        g.Build().Nodes.Select(node => node.Name).Should().Equal("x", "y", "z");
    }

    [Fact]
    public void A_value_of_another_graph_is_refused()
    {
        var (one, other) = (new GraphBuilder("one"), new GraphBuilder("other"));
        var x = one.Input("x", [2]);
        other.Input("x", [2]);

        other.Invoking(g => g.Relu(x)).Should().Throw<GraphException>()
            .WithMessage("Node 'relu': its input %0 is a value of another graph.");
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [2]);

        g.Invoking(b => b.Relu(x, name: "x")).Should().Throw<GraphException>().WithMessage("Node 'x': *another node has it*");
    }

    [Fact]
    public void An_axis_of_more_than_one_element_is_not_squeezed()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [2, 3]);

        g.Invoking(b => b.Squeeze(x, 1)).Should().Throw<GraphException>()
            .WithMessage("Node 'squeeze': *size 3 along axis 1; allowed is 1.");
        g.Invoking(b => b.Select(x, 1, 3)).Should().Throw<GraphException>().WithMessage("Node 'select': the element 3*has 3 there.");
    }

    private static GraphTensor Zeros(params long[] shape) => GraphTensor.Of(new(shape), new float[shape.Aggregate(1L, (a, b) => a * b)]);

    private static GraphNode Made(GraphBuilder g, GraphValue value)
    {
        g.Output($"output of {value}", value);
        return g.Build().Producer(value);
    }
}
