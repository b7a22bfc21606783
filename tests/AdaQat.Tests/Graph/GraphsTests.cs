using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>What a graph has to be, and its text.</summary>
public sealed class GraphsTests
{
    private static readonly GraphValue X = new(0, [2, 3]);
    private static readonly GraphNode Input = new("x", new InputOperator([2, 3]), [], [X]);

    [Fact]
    public void A_value_that_no_node_makes_is_refused()
    {
        Refused(Input, Relu("a", from: new(7, [2, 3]), to: 1), Output(1))
            .WithMessage("Node 'a': it reads %7, which no node makes.").Which.Node.Should().Be("a");
    }

    [Fact]
    public void A_value_that_is_read_before_it_is_made_is_refused()
    {
        Refused(Input, Relu("a", from: new(2, [2, 3]), to: 1), Relu("b", from: X, to: 2), Output(1))
            .WithMessage("Node 'a': it reads %2, which node 'b' makes only later*");
    }

    [Fact]
    public void Nodes_that_need_each_other_are_refused_by_their_names()
    {
        Refused(
                Input, Relu("a", from: new(3, [2, 3]), to: 1), Relu("b", from: new(1, [2, 3]), to: 2),
                Relu("c", from: new(2, [2, 3]), to: 3), Output(3))
            .WithMessage("Node 'a': it needs its own result: 'a' → 'b' → 'c' → 'a'.");
    }

    [Fact]
    public void A_node_that_reads_itself_is_refused()
    {
        Refused(Input, Relu("a", from: new(1, [2, 3]), to: 1), Output(1)).WithMessage("Node 'a': it needs its own result: 'a' → 'a'.");
    }

    [Fact]
    public void Two_nodes_of_one_name_are_refused()
    {
        Refused(Input, Relu("a", from: X, to: 1), Relu("a", from: X, to: 2), Output(1)).WithMessage("Node 'a': there are two nodes*");
    }

    [Fact]
    public void A_value_made_twice_is_refused()
    {
        Refused(Input, Relu("a", from: X, to: 1), Relu("b", from: X, to: 1), Output(1))
            .WithMessage("Node 'b': it makes %1, and so does node 'a'*");
    }

    [Fact]
    public void A_shape_that_is_not_the_operators_is_refused()
    {
        Refused(Input, new("a", new ReluOperator(), [X], [new(1, [3, 2])]), Output(1))
            .WithMessage("Node 'a': its output %1 has the shape [3,2]; its operator makes [2,3].");
    }

    [Fact]
    public void A_value_read_with_another_shape_than_it_was_made_with_is_refused()
    {
        Refused(Input, Relu("a", from: new(0, [3, 2]), to: 1), Output(1))
            .WithMessage("Node 'a': it reads %0 with the shape [3,2], which node 'x' makes [2,3].");
    }

    [Theory]
    [InlineData(0, "Node 'a': it has 0 inputs; allowed are 2.")]
    [InlineData(1, "Node 'a': it has 1 inputs; allowed are 2.")]
    [InlineData(3, "Node 'a': it has 3 inputs; allowed are 2.")]
    public void A_wrong_number_of_inputs_is_refused(int count, string message)
    {
        Refused(Input, new("a", new AddOperator(), [.. Enumerable.Repeat(X, count)], [new(1, [2, 3])]), Output(1)).WithMessage(message);
    }

    [Fact]
    public void A_wrong_number_of_outputs_is_refused()
    {
        Refused(Input, new("a", new SplitOperator(1, [1, 2]), [X], [new(1, [2, 1])]), Output(1))
            .WithMessage("Node 'a': it has 1 outputs; its operator 'split' makes 2.");
    }

    [Fact]
    public void A_graph_without_an_output_is_refused()
    {
        Refused(Input).WithMessage("The graph has no output*");
    }

    [Fact]
    public void A_graph_knows_who_makes_and_who_reads_a_value()
    {
        var graph = Small();
        var relu = graph.Node("stem.relu");

        graph.Producer(relu.Output).Should().BeSameAs(relu);
        graph.Consumers(relu.Output).Select(node => node.Name).Should().Equal("stem.add");
        graph.Constants.Select(node => node.Name).Should().Equal("stem.weight", "constant");
        graph.Invoking(g => g.Node("foo")).Should().Throw<GraphException>().WithMessage("*'small' has no node 'foo'*");
        graph.Invoking(g => g.Producer(new(99, [1]))).Should().Throw<GraphException>().WithMessage("*has no value %99*");
    }

    [Fact]
    public void Equal_graphs_are_equal_and_one_changed_bit_makes_another()
    {
        Small().Should().Be(Small());
        Small().GetHashCode().Should().Be(Small().GetHashCode());
        Small(weight: 1 + 1e-7f).Should().NotBe(Small());
    }

    [Fact]
    public void The_text_has_a_line_for_each_node_and_constants_where_they_are_read()
    {
        Small().ToString().Should().Be(
            """
            graph small
            %0 = input()  # image [1,3,8,8]
            %2 = conv2d(%0, w=stem.weight[4,3,3,3], stride=2, padding=1)  # stem.conv2d [1,4,4,4]
            %3 = relu(%2)  # stem.relu [1,4,4,4]
            %5 = add(%3, 0.5)  # stem.add [1,4,4,4]
            %6 = quantize(%5, scale=0.25, lowest=0, highest=15)  # quantize [1,4,4,4]
            %7, %8 = split(%6, axis=1, sizes=[1,3])  # split [1,1,4,4] [1,3,4,4]
            %9 = reshape(%8, sizes=[size(0,0),size(0,1)*size(0,2)*size(0,3)])  # flatten [1,48]
            output(%9)  # features [1,48]

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_text_is_the_same_where_numbers_have_a_decimal_comma()
    {
        var expected = Small().ToString();
        using var comma = new CommaCulture();

        Small().ToString().Should().Be(expected);
    }

    internal static ModelGraph Small(float weight = 1)
    {
        var g = new GraphBuilder("small");
        var x = g.Input("image", [1, 3, 8, 8]);
        using (g.InModule("stem"))
        {
            x = g.Convolution(
                x, g.Constant("stem.weight", GraphTensor.Of([4, 3, 3, 3], [.. Enumerable.Repeat(weight, 108)])), stride: 2, padding: 1);
            x = g.Add(g.Relu(x), NumberOutside(g, 0.5));
        }

        x = g.Quantize(x, new QuantizeOperator(0.25, 0, 0, 15));
        var parts = g.Split(x, 1, [1, 3]);
        return g.Output("features", g.Flatten(parts[1], name: "flatten")).Build();
    }

    private static GraphValue NumberOutside(GraphBuilder g, double value)
    {
        using var outside = g.InModule("");
        return g.Number(value);
    }

    private static GraphNode Relu(string name, GraphValue from, int to) => new(name, new ReluOperator(), [from], [new(to, from.Shape)]);

    private static GraphNode Output(int from) => new("y", new OutputOperator(), [new(from, [2, 3])], []);

    private static FluentAssertions.Specialized.ExceptionAssertions<GraphException> Refused(params GraphNode[] nodes)
    {
        var make = () => new ModelGraph("net", nodes);
        return make.Should().Throw<GraphException>();
    }
}
