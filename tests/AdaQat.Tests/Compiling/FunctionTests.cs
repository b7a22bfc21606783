using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Runtime;
using static TorchSharp.torch;

namespace AdaQat.Tests.Compiling;

/// <summary>Functions of single numbers in integers: of sums by thresholds, of codes by tables.</summary>
public sealed class FunctionTests
{
    public static TheoryData<ActivationFunction> Functions() => [.. Enum.GetValues<ActivationFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Sums_behind_a_function_have_the_codes_of_the_quantized_network(ActivationFunction function)
    {
        for (var bits = 1; bits <= 8; bits++)
        {
            foreach (var (lowest, offset, scale) in new[]
            {
                (0, 0.0, 3.0), (-(1 << (bits - 1)), 0, 4), (-(1 << (bits - 1)), 0.5, 4), (0, -Math.Floor((1 << bits) / 6.0), 3),
            })
            {
                var grid = new QuantizeOperator(scale / (1 << bits), offset, lowest, lowest + (1 << bits) - 1);
                var graph = Layers(bits, (g, x) => g.Quantize(g.Activation(x, function), grid), slopes: bits % 2 == 0);

                AreEqual(graph);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_of_codes_is_a_table_of_codes_or_of_numbers(ActivationFunction function)
    {
        for (var bits = 1; bits <= 8; bits++)
        {
            var signed = new QuantizeOperator(4.0 / (1 << bits), bits == 1 ? 0.5 : 0, -(1 << (bits - 1)), (1 << (bits - 1)) - 1);
            var g = new GraphBuilder("codes");
            var codes = g.Quantize(g.Input("x", [1, 6]), signed);
            var made = g.Activation(codes, function);
            var again = g.Quantize(made, new(2.0 / (1 << bits), 0, -(1 << (bits - 1)), (1 << (bits - 1)) - 1));
            var graph = g.Output("y", g.Add(made, again)).Build();

            AreEqual(graph);
            IntegerCompiler.CompileGraph(graph).Nodes.OfType<LookupNode>().Count().Should().BeInRange(
                function == ActivationFunction.HardSigmoid ? 1 : 2, 3);
        }
    }

    [Fact]
    public void Affine_functions_clamps_and_other_functions_may_follow_and_come_before()
    {
        AreEqual(Layers(1, (g, x) =>
        {
            x = g.Activation(g.Clamp(x, -2, 2), ActivationFunction.Tanh);
            x = g.Multiply(x, g.Constant("slopes", GraphTensor.Of([8], [1.5, -1, 0.5, 2, -2, 0, 1, -0.25])));
            x = g.Unary(g.Activation(g.Add(x, g.Number(0.2)), ActivationFunction.Silu), UnaryFunction.Negate);
            return g.Quantize(g.Maximum(g.Unary(x, UnaryFunction.Abs), g.Number(0.1)), new(0.02, 0, 0, 63));
        }));
        AreEqual(Layers(2, (g, x) => g.Quantize(
            g.PRelu(x, g.Constant("slopes", GraphTensor.Of([8], [0.25, -0.5, 0, 1, 2, -2, 0.1, 0.3]))), new(0.05, 0, -64, 63))));
    }

    [Fact]
    public void A_function_comes_before_pools_and_layouts_that_end_in_a_quantizer()
    {
        var random = new Random(4);
        var g = new GraphBuilder("pools");
        var x = g.Quantize(g.Input("x", [1, 2, 8, 8]), new(0.03, 0, -128, 127));
        x = g.Convolution(x, g.Quantize(g.Constant("w", Numbers(random, [4, 2, 3, 3])), new(0.1, 0, -7, 7)), null, 1, 1);
        x = g.MaxPool(g.Activation(x, ActivationFunction.Gelu), 2, 2);
        x = g.Flatten(g.Quantize(x, new(0.02, 0, -128, 127)));
        var graph = g.Output("y", g.Linear(x, g.Quantize(g.Constant("v", Numbers(random, [3, 64])), new(0.1, 0, -7, 7)))).Build();

        AreEqual(graph, [2, 8, 8]);
        IntegerCompiler.CompileGraph(graph).Nodes.OfType<MaxPoolNode>().Single().Type.Should().BeOfType<Codes>();
    }

    [Fact]
    public void A_function_of_sums_that_is_not_quantized_is_refused_by_its_name_or_stays_in_float()
    {
        var graph = Layers(3, (g, x) =>
        {
            var made = g.Activation(x, ActivationFunction.Silu, name: "silu");
            return g.Quantize(g.Add(g.Quantize(made, new(0.1, 0, -8, 7)), g.Multiply(made, g.Number(2))), new(0.1, 0, -32, 31));
        });

        FluentActions.Invoking(() => IntegerCompiler.CompileGraph(graph)).Should().Throw<IntegerCompilerException>()
            .WithMessage("*silu*JoinHandling.Quantized*AllowFloatIslands*").Which.Node.Should().Be("silu");
        AreEqual(graph, islands: true, nearby: 1e-5);
    }

    [Fact]
    public void Functions_that_are_no_number_for_a_code_have_no_table()
    {
        var g = new GraphBuilder("log");
        var codes = g.Quantize(g.Input("x", [1, 6]), new(0.25, 0, 0, 15));
        var graph = g.Output("y", g.Unary(codes, UnaryFunction.Log, name: "log")).Build();

        FluentActions.Invoking(() => IntegerCompiler.CompileGraph(graph)).Should().Throw<IntegerCompilerException>().WithMessage("*'log'*");
    }

    /// <summary>A layer whose sums go through some function to a quantizer, and a layer behind it.</summary>
    private static ModelGraph Layers(int seed, Func<GraphBuilder, GraphValue, GraphValue> between, bool slopes = false)
    {
        var random = new Random(seed);
        var g = new GraphBuilder("layers");
        var x = g.Quantize(g.Input("x", [1, 6]), new(0.03, 0, -128, 127));
        x = g.Linear(x, g.Quantize(g.Constant("w", Numbers(random, [8, 6])), new(0.1, 0, -7, 7)),
            g.Constant("b", Numbers(random, [8])));
        x = slopes ? g.Multiply(x, g.Constant("m", Numbers(random, [8]))) : x;
        x = g.Linear(between(g, x), g.Quantize(g.Constant("v", Numbers(random, [3, 8])), new(0.1, 0, -7, 7)));
        return g.Output("y", x).Build();
    }

    private static GraphTensor Numbers(Random random, Shape shape) =>
        GraphTensor.Of(shape, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextDouble() * 2) - 1)]);

    private static void AreEqual(ModelGraph graph, long[]? image = null, bool islands = false, double nearby = 1e-9)
    {
        manual_seed(1);
        using var input = randn([32, .. image ?? [6]]) * 2;
        using var run = new EquivalenceRun(graph, IntegerCompiler.CompileGraph(graph, new() { AllowFloatIslands = islands }), 32);

        run.Add(input);

        var report = run.Report();
        report.Codes.Should().BePositive();
        report.Layers.Should().OnlyContain(layer => layer.Different == 0 || layer.LargestDistance < nearby, report.ToString());
        report.LargestDifference.Should().BeLessThan(1e-4, report.ToString());
    }
}
