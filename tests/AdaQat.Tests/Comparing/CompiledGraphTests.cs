using AdaQat.Export;
using AdaQat.Graph;

namespace AdaQat.Tests.Comparing;

/// <summary>A graph that no model stands behind, compiled, beside the interpreter of graphs in 64 bits.</summary>
public sealed class CompiledGraphTests
{
    private const int Images = 40;

    [Fact]
    public void A_graph_with_quantizers_of_its_own_computes_in_integers_what_it_says()
    {
        var graph = Net(isQuantized: true);
        var images = OnnxAgreement.Noise(11, [Images, 2, 7, 6]);

        var scores = new float[Images * 3];
        IntegerCompiler.CompileGraph(graph).Run(images.ToFloat32(), scores);

        var expected = new GraphInterpreter(graph).Run(images.To(ElementType.Float64))[0].ToFloat32();
        scores.Should().Equal(expected, (a, b) => Math.Abs(a - b) < 1e-5);
        expected.Distinct().Count().Should().BeGreaterThan(20, "else this shows little");
    }

    [Fact]
    public void A_layer_without_quantizers_is_refused_by_name_and_what_to_do()
    {
        var graph = Net(isQuantized: false);

        FluentActions.Invoking(() => IntegerCompiler.CompileGraph(graph)).Should().Throw<IntegerCompilerException>()
            .WithMessage("*quantize the layer*AllowFloatIslands*").Which.Node.Should().Be("first");
        IntegerCompiler.CompileGraph(graph, new() { AllowFloatIslands = true }).Nodes.Should().NotBeEmpty();
    }

    private static ModelGraph Net(bool isQuantized)
    {
        var g = new GraphBuilder("net");
        var x = Quantized(g.Input("x", [Images, 2, 7, 6]), new(0.11, -3, 0, 15));
        x = g.Convolution(x, Weight("first.weight", [5, 2, 3, 3]), Constant("first.bias", [5]), stride: 2, padding: 1, name: "first");
        x = Quantized(g.Relu(x), new(0.07, 0, 0, 15));
        x = g.Convolution(x, Weight("second.weight", [5, 1, 3, 3]), padding: 1, groups: 5, name: "second");
        x = Quantized(g.Reduce(g.Relu(x), Reduction.Mean, [2, 3]), new(0.05, 0, 0, 15));
        return g.Output("scores", g.Linear(x, Weight("third.weight", [3, 5]), name: "third")).Build();

        GraphValue Constant(string name, Shape shape) => g.Constant(name, OnnxAgreement.Noise(name.Length, shape));
        GraphValue Weight(string name, Shape shape) => Quantized(Constant(name, shape), new(0.13, 0, -7, 7));
        GraphValue Quantized(GraphValue value, QuantizeOperator grid) => isQuantized ? g.Quantize(value, grid) : value;
    }
}
