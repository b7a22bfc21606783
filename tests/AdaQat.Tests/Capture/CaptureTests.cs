using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>What models do between their layers, and what of it stands in the graph.</summary>
public sealed class CaptureTests
{
    [Fact]
    public void A_module_called_twice_is_twice_in_the_graph_with_one_weight()
    {
        using var scope = NewDisposeScope();
        var fc = nn.Linear(4, 4);
        using var model = new Lambda(x => fc.call(fc.call(x).relu()), ("fc", fc));

        var graph = ModelCapture.Graph(model, randn(2, 4));

        graph.Nodes.Where(n => n.Operator is LinearOperator).Select(n => n.Name).Should().Equal("fc", "fc_2");
        graph.Constants.Select(n => n.Name).Should().Equal("fc.weight", "fc.bias");
    }

    [Fact]
    public void A_constant_made_in_the_forward_is_one_of_the_graph()
    {
        using var scope = NewDisposeScope();
        double[] numbers = [1.0 / 3, 2, 3, -4.5];
        using var model = new Lambda(x => (x + tensor(numbers, dtype: ScalarType.Float64)) * ones(4) - zeros(x.shape[0], 1));

        var graph = ModelCapture.Graph(model, randn(2, 4));

        graph.Constants.Select(n => ((ConstantOperator)n.Operator).Value).Should().Contain(GraphTensor.Of([4], numbers.AsSpan()));
        var other = randn(5, 4);
        Graphs.Run(graph, other).Single().ShouldBeNear(
            Graphs.Run(new Lambda(x => (x + tensor(numbers, dtype: ScalarType.Float64)).to(ScalarType.Float32)), other));
    }

    [Fact]
    public void Numbers_keep_all_their_digits()
    {
        using var scope = NewDisposeScope();
        using var model = new Lambda(x => (x * 0.12345678901234567).leaky_relu(0.1 + 0.2));

        var graph = ModelCapture.Graph(model, randn(2, 4));

        graph.Constants.Select(n => ((ConstantOperator)n.Operator).Value.ToFloat64().Single()).Should().Equal(0.12345678901234567);
        graph.Nodes.Select(n => n.Operator).OfType<ActivationOperator>().Single().Alpha.Should().Be(0.1 + 0.2);
    }

    [Fact]
    public void Operations_in_place_are_values_of_their_own()
    {
        using var scope = NewDisposeScope();
        using var model = new Lambda(x =>
        {
            var y = x * 2;
            var before = y + 1;
            y.add_(3).relu_();
            return y + before;
        });

        var graph = ModelCapture.Graph(model, randn(2, 4));

        Graphs.Kinds(graph).Should().Be("add 3, mul 1, relu 1");
        var other = randn(3, 4);
        Graphs.Run(graph, other).Single().ShouldBeNear(Graphs.Run(model, other));
    }

    [Fact]
    public void What_a_forward_disposes_stays_in_the_graph()
    {
        using var scope = NewDisposeScope();
        using var model = new Lambda(x =>
        {
            Tensor z;
            using (var y = x.tanh())
            {
                z = y.exp();
            }

            return z.abs();
        });

        Graphs.Kinds(ModelCapture.Graph(model, randn(2, 4))).Should().Be("abs 1, exp 1, tanh 1");
    }

    [Fact]
    public void Dropout_is_nothing_and_what_leads_nowhere_is_left_out()
    {
        using var scope = NewDisposeScope();
        using var dropout = nn.Dropout(0.5);
        using var model = new Lambda(x =>
        {
            _ = x.exp();
            return dropout.call(x.relu());
        }, ("dropout", dropout));

        Graphs.Kinds(ModelCapture.Graph(model, randn(2, 4))).Should().Be("relu 1");
    }

    [Fact]
    public void Nodes_have_the_names_of_their_modules_and_parameters()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();

        var graph = ModelCapture.Graph(model, randn(1, 3, 8, 8));

        graph.Nodes.Where(n => n.Operator is not ConstantOperator).Select(n => n.Name)
            .Should().Equal("input", "conv1", "bn1", "relu1", "conv2", "bn2", "relu2", "flatten", "fc", "output");
        graph.Constants.Select(n => n.Name).Should().BeEquivalentTo(
            model.named_parameters().Select(p => p.name)
                .Concat(model.named_buffers().Select(b => b.name).Where(name => !name.EndsWith("tracked", StringComparison.Ordinal))));
        graph.Nodes.Where(n => n.Operator is ConvolutionOperator).Select(n => n.Module).Should().Equal("conv1", "conv2");
    }

    [Fact]
    public void Two_inputs_and_a_tuple_keep_their_order()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoByTwo();

        var graph = ModelCapture.Graph(model, randn(2, 3), randn(2, 4));

        graph.Inputs.Select(n => (n.Name, n.Output.Shape)).Should().Equal(("input.0", new Shape(2, 3)), ("input.1", new Shape(2, 4)));
        graph.Outputs.Select(n => n.Name).Should().Equal("output.0", "output.1");
        var outputs = Graphs.Run(graph, ones(1, 3), ones(1, 4) * 2);
        outputs[0].Should().Equal(2, 2, 2, 2);
        outputs[1].Should().Equal(-1, -1, -1);
    }

    [Fact]
    public void One_tensor_given_twice_is_two_inputs()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoByTwo();
        var same = randn(2, 3);

        ModelCapture.Graph(model, same, same).Inputs.Should().HaveCount(2);
    }

    [Fact]
    public void A_model_that_does_not_run_in_64_bits_is_proved_in_32()
    {
        using var scope = NewDisposeScope();
        var single = randn(4, 4);
        using var model = new Lambda(x => x.matmul(single));
        var other = randn(3, 4);

        var graph = ModelCapture.Graph(model, randn(2, 4));

        Graphs.Run(graph, other).Single().ShouldBeNear(Graphs.Run(model, other));
    }

    private sealed class TwoByTwo : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        public TwoByTwo()
            : base(nameof(TwoByTwo)) => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor first, Tensor second) => (second.relu(), -first);
    }
}
