using AdaQat.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.Graph;

/// <summary>Whole networks compute what TorchSharp computes, in the sizes they were described with and in others.</summary>
public sealed class InterpretingTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(2, 33, 47)]
    public void ResNet18_computes_what_TorchVisions_does(long batch, long height, long width)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var model = torchvision.models.resnet18(num_classes: 10);
        model.to(ScalarType.Float64);
        foreach (var (name, buffer) in model.named_buffers().Where(buffer => buffer.buffer.is_floating_point()))
        {
            buffer.copy_(rand_like(buffer) + (name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : 0));
        }

        model.eval();
        var graph = ResNetGraph.Of(model, [1, 3, 64, 64]);
        var x = GraphOracle.Noise(1, batch, 3, height, width);

        var result = new GraphInterpreter(graph).Run(GraphOracle.ToGraph(x)).Should().ContainSingle().Subject;

        using var guard = no_grad();
        GraphOracle.Check(result, model.call(x), "ResNet-18", Tolerance);
    }

    [Fact]
    public void A_U_Net_is_described_in_one_size_and_computes_in_another()
    {
        using var scope = NewDisposeScope();
        var (enter, down, up, leave) = (
            GraphOracle.Noise(1, 4, 1, 3, 3), GraphOracle.Noise(2, 8, 4, 3, 3), GraphOracle.Noise(3, 8, 4, 2, 2),
            GraphOracle.Noise(4, 2, 12, 1, 1));
        var g = new GraphBuilder("U-Net");
        var image = g.Input("image", [1, 1, 8, 8]);
        var a = g.Relu(g.Convolution(image, Constant(g, "enter", enter), padding: 1));
        var b = g.Relu(g.Convolution(g.MaxPool(a, 2), Constant(g, "down", down), padding: 1));
        var c = g.TransposedConvolution(b, Constant(g, "up", up), stride: 2);
        var d = g.Resize(
            g.AveragePool(c, 2), ResizeMode.Linear, [SizeExpression.Of(1, 2), SizeExpression.Of(1, 3)], alignsCorners: true, like: [a]);
        var graph = g.Output("classes", g.Convolution(g.Concat([a, c, d], 1), Constant(g, "leave", leave))).Build();
        var x = GraphOracle.Noise(5, 3, 1, 12, 20);

        var result = new GraphInterpreter(graph).Run(GraphOracle.ToGraph(x))[0];

        var ta = relu(conv2d(x, enter, padding: [1, 1]));
        var tb = relu(conv2d(max_pool2d(ta, 2), down, padding: [1, 1]));
        var tc = conv_transpose2d(tb, up, strides: [2, 2]);
        var td = interpolate(avg_pool2d(tc, 2), [12, 20], mode: InterpolationMode.Bilinear, align_corners: true);
        GraphOracle.Check(result, conv2d(cat([ta, tc, td], 1), leave), "the U-Net", Tolerance);
    }

    [Fact]
    public void A_vision_transformer_computes_for_another_batch()
    {
        using var scope = NewDisposeScope();
        const long width = 8, heads = 2;
        var (patches, token, position) = (
            GraphOracle.Noise(1, width, 3, 4, 4), GraphOracle.Noise(2, 1, 1, width), GraphOracle.Noise(3, 1, 5, width));
        var (qkv, proj, gamma, beta) = (
            GraphOracle.Noise(4, 3 * width, width), GraphOracle.Noise(5, width, width), GraphOracle.Noise(6, width),
            GraphOracle.Noise(7, width));
        var g = new GraphBuilder("ViT");
        var image = g.Input("image", [1, 3, 8, 8]);
        var x = g.Transpose(g.Flatten(g.Convolution(image, Constant(g, "patches", patches), stride: 4), 2), 1, 2);
        x = g.Concat([g.Expand(Constant(g, "token", token), [SizeExpression.Of(1, 0), -1, -1], like: [x]), x], 1);
        x = g.Add(x, Constant(g, "position", position));
        var normal = g.LayerNorm(x, Constant(g, "gamma", gamma), Constant(g, "beta", beta));
        var split = g.Split(g.Linear(normal, Constant(g, "qkv", qkv)), -1, [width, width, width])
            .Select(part => g.Transpose(g.Reshape(part, ReshapeSizes.Seen(part.Shape, 1, 5, heads, -1)), 1, 2)).ToList();
        var weights = g.Softmax(g.Divide(g.MatMul(split[0], g.Transpose(split[1], -1, -2)), g.Number(2)), -1);
        var attended = g.Flatten(g.Transpose(g.MatMul(weights, split[2]), 1, 2), 2);
        x = g.Add(x, g.Activation(g.Linear(attended, Constant(g, "proj", proj)), ActivationFunction.Gelu));
        var graph = g.Output("class", g.Select(x, 1, 0)).Build();
        var images = GraphOracle.Noise(8, 3, 3, 8, 8);

        var result = new GraphInterpreter(graph).Run(GraphOracle.ToGraph(images))[0];

        var t = conv2d(images, patches, strides: [4, 4]).flatten(2).transpose(1, 2);
        t = cat([token.expand(3, -1, -1), t], 1) + position;
        var parts = linear(layer_norm(t, [width], gamma, beta), qkv).chunk(3, -1)
            .Select(part => part.reshape(3, 5, heads, -1).transpose(1, 2)).ToList();
        var read = (parts[0].matmul(parts[1].transpose(-1, -2)) / 2).softmax(-1).matmul(parts[2]).transpose(1, 2).flatten(2);
        t = t + gelu(linear(read, proj));
        GraphOracle.Check(result, t.select(1, 0), "the transformer", Tolerance);
    }

    [Fact]
    public void A_run_in_float32_rounds_each_result_once()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [1]);
        var tenth = g.Constant("tenth", GraphTensor.Of([1], [0.1]));
        var graph = g.Output("y", g.Add(g.Multiply(x, tenth), tenth)).Build();

        var run = new GraphInterpreter(graph).RunAll(GraphTensor.Of([1], [0.7f]));

        run.Of("mul")[0].ToFloat32().Should().Equal(0.7f * 0.1f);
        run.Outputs[0].AsFloat32().ToArray().Should().Equal((0.7f * 0.1f) + 0.1f);
        run.Of("tenth")[0].Type.Should().Be(ElementType.Float32);
    }

    [Fact]
    public void All_values_are_kept_when_asked_for()
    {
        var graph = GraphsTests.Small();
        var image = GraphTensor.Of([1, 3, 8, 8], new float[192]);

        var run = new GraphInterpreter(graph).RunAll(image);

        foreach (var node in graph.Nodes)
        {
            run.Of(node.Name).Select(tensor => tensor.Shape).Should().Equal(node.Outputs.Select(value => value.Shape));
        }

        run[graph.Inputs[0].Output].Should().BeSameAs(image);
        run.Outputs.Should().Equal(new GraphInterpreter(graph).Run(image));
    }

    [Fact]
    public void Sizes_that_an_operator_does_not_take_are_refused_by_the_nodes_name()
    {
        var interpreter = new GraphInterpreter(GraphsTests.Small());

        interpreter.Invoking(i => i.Run(GraphTensor.Of([1, 4, 8, 8], new float[256]))).Should().Throw<GraphException>()
            .WithMessage("Node 'stem.conv2d': the input [1,4,8,8] has 4 channels*");
    }

    [Fact]
    public void Tensors_that_are_not_the_graphs_inputs_are_refused()
    {
        var g = new GraphBuilder("sum");
        var interpreter = new GraphInterpreter(g.Output("y", g.Add(g.Input("a", [2]), g.Input("b", [2]))).Build());
        GraphTensor single = GraphTensor.Of([2], [1f, 2f]), wide = GraphTensor.Of([2], [1.0, 2.0]), row = GraphTensor.Of([1, 2], [1f, 2f]);

        interpreter.Invoking(i => i.Run(single)).Should().Throw<ArgumentException>().WithMessage("There are 1 tensors*has 2 inputs*");
        interpreter.Invoking(i => i.Run(single, wide)).Should().Throw<ArgumentException>().WithMessage("*'b' is float64[2]*one type*");
        interpreter.Invoking(i => i.Run(single, row)).Should().Throw<ArgumentException>().WithMessage("*input 'b' is float32[1,2]*1 axes*");
    }

    private static GraphValue Constant(GraphBuilder g, string name, Tensor value) => g.Constant(name, GraphOracle.ToGraph(value));
}
