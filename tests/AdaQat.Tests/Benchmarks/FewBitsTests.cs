using AdaQat.Benchmarks.Inference;
using AdaQat.Export;
using AdaQat.Graph;

namespace AdaQat.Tests.Benchmarks;

/// <summary>The network that programs are compared with: quantized so that each can compute it in bytes.</summary>
public sealed class FewBitsTests
{
    [Fact]
    public void Operands_of_sums_have_one_step_inner_layers_the_bits_and_the_integers_what_the_graph_says()
    {
        var images = OnnxAgreement.Noise(5, [3, 3, 8, 8]);
        var graph = FewBits.Of(Net(), images, bits: 4);

        var sum = graph.Nodes.Single(node => node.Operator is AddOperator);
        sum.Inputs.Select(value => Grid(graph, value).Scales[0]).Distinct().Should().ContainSingle();
        graph.Nodes.Where(node => node.Operator is ConvolutionOperator or LinearOperator)
            .Select(node => Grid(graph, node.Inputs[1]).Bits).Should().Equal(8, 4, 4, 8);

        var scores = new float[3 * 2];
        IntegerCompiler.CompileGraph(graph).Run(images.ToFloat32(), scores);
        scores.Should().Equal(new GraphInterpreter(graph).Run(images)[0].ToFloat32(), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private static QuantizeOperator Grid(ModelGraph graph, GraphValue value) => (QuantizeOperator)graph.Producer(value).Operator;

    private static ModelGraph Net()
    {
        var g = new GraphBuilder("net");
        var x = g.Input("x", [3, 3, 8, 8]);
        x = g.Relu(g.Convolution(x, Weight("first", 4, 3)));
        var y = g.Relu(g.Convolution(x, Weight("second", 4, 4), padding: 1));
        x = g.Relu(g.Add(g.Convolution(y, Weight("third", 4, 4), padding: 1), x));
        x = g.Linear(g.Reduce(x, Reduction.Mean, [2, 3]), g.Constant("last.weight", OnnxAgreement.Noise(9, [2, 4])));
        return g.Output("scores", x).Build();

        GraphValue Weight(string name, long outputs, long inputs) =>
            g.Constant($"{name}.weight", OnnxAgreement.Noise((int)(outputs + inputs), [outputs, inputs, 3, 3]));
    }
}
