using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Quantizers;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FsCheck.Fluent;
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

    public static TheoryData<string> ByHand() => [.. Written.Keys];

    /// <summary>Functions as networks write them where a framework has no name for them.</summary>
    private static readonly Dictionary<string, Func<GraphBuilder, GraphValue, GraphValue>> Written = new(StringComparer.Ordinal)
    {
        ["silu"] = (g, x) => g.Multiply(x, g.Activation(x, ActivationFunction.Sigmoid)),
        ["silu by e^x"] = (g, x) => g.Divide(x, g.Add(g.Number(1), g.Unary(g.Unary(x, UnaryFunction.Negate), UnaryFunction.Exp))),
        ["quick gelu"] = (g, x) => g.Multiply(x, g.Activation(g.Multiply(x, g.Number(1.702)), ActivationFunction.Sigmoid)),
        ["hard swish"] = (g, x) => g.Divide(g.Multiply(x, g.Clamp(g.Add(x, g.Number(3)), 0, 6)), g.Number(6)),
        ["mish"] = (g, x) => g.Multiply(x, g.Activation(g.Activation(x, ActivationFunction.Softplus), ActivationFunction.Tanh)),
        ["gelu"] = (g, x) => g.Multiply(
            g.Multiply(x, g.Number(0.5)), g.Add(g.Number(1), g.Unary(g.Divide(x, g.Number(Math.Sqrt(2))), UnaryFunction.Erf))),
        ["leaky relu"] = (g, x) => g.Maximum(x, g.Activation(x, ActivationFunction.HardSigmoid)),
        ["gelu by tanh"] = (g, x) => TanhGelu(g, x, g.Power(x, g.Number(3))),
        ["square"] = (g, x) => g.Subtract(g.Power(x, g.Number(2)), g.Power(g.Subtract(x, g.Number(1)), g.Number(4))),
        ["root"] = (g, x) => g.Power(g.Relu(x), g.Number(0.5)),
        ["signed root"] = (g, x) => g.Multiply(g.Unary(x, UnaryFunction.Sign), g.Unary(g.Unary(x, UnaryFunction.Abs), UnaryFunction.Sqrt)),
        ["smooth magnitude"] = (g, x) => g.Unary(g.Add(g.Power(x, g.Number(2)), g.Number(0.01)), UnaryFunction.Sqrt),
        ["inverse of a root"] = (g, x) => g.Multiply(x, g.Unary(g.Add(g.Unary(x, UnaryFunction.Square), g.Number(1)),
            UnaryFunction.ReciprocalSqrt)),
        ["logarithm"] = (g, x) => g.Unary(g.Add(g.Unary(x, UnaryFunction.Abs), g.Number(0.1)), UnaryFunction.Log),
        ["bell"] = (g, x) => g.Unary(g.Add(g.Power(x, g.Number(2)), g.Number(0.5)), UnaryFunction.Reciprocal),
        ["powers by channel"] = (g, x) => g.Power(
            g.Clamp(x, 0, 1.5), g.Constant("powers", GraphTensor.Of([8], [0, 0.25, 0.5, 1, 1.5, 2, 3, 4]))),
        ["power of a number"] = (g, x) => g.Power(g.Number(2), g.Minimum(x, g.Number(2))),
        ["power of itself"] = (g, x) => g.Power(g.Activation(x, ActivationFunction.Sigmoid), g.Subtract(x, g.Number(0.5))),
        ["sigmoid"] = (g, x) => g.Divide(g.Number(1), g.Add(g.Unary(g.Unary(x, UnaryFunction.Negate), UnaryFunction.Exp), g.Number(1))),
    };

    private static GraphValue TanhGelu(GraphBuilder g, GraphValue x, GraphValue cube) => g.Multiply(
        g.Multiply(g.Number(0.5), x), g.Add(g.Number(1), g.Activation(
            g.Multiply(g.Number(Math.Sqrt(2 / Math.PI)), g.Add(x, g.Multiply(g.Number(0.044715), cube))), ActivationFunction.Tanh)));

    [Theory]
    [MemberData(nameof(ByHand))]
    public void Functions_written_by_hand_are_functions_of_sums_and_of_codes(string name)
    {
        for (var bits = 1; bits <= 8; bits++)
        {
            var lowest = bits == 1 ? 0 : -(1 << (bits - 2));
            var grid = new QuantizeOperator(3.0 / (1 << bits), 0, lowest, lowest + (1 << bits) - 1);
            AreEqual(Layers(bits, (g, x) => g.Quantize(Written[name](g, x), grid), slopes: bits % 2 == 0));
            var ofCodes = Layers(bits, (g, x) => g.Quantize(Written[name](g, g.Quantize(x, new(0.05, 0, -63, 64))), grid));
            AreEqual(ofCodes);
            IntegerCompiler.CompileGraph(ofCodes).Nodes.OfType<LookupNode>().Should().ContainSingle("all of it is one table");
        }
    }

    [Fact]
    public void Any_expression_of_one_tensor_of_codes_is_one_table() => Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), seed =>
    {
        var random = new Random(seed);
        var ofCodes = random.Next(2) == 0;
        var graph = Layers(seed, (g, x) => g.Quantize(
            Expression(g, ofCodes ? g.Quantize(x, new(0.04, 0, -63, 64)) : x, random, 2), new(0.07, 0, -7, 8)));

        AreEqual(graph);

        IntegerCompiler.CompileGraph(graph).Nodes.Count(node => node is LookupNode or AddNode or MultiplyNode)
            .Should().BeLessThanOrEqualTo(ofCodes ? 1 : 2);
    });

    private static GraphValue Expression(GraphBuilder g, GraphValue x, Random random, int depth)
    {
        if (depth == 0)
        {
            return x;
        }

        var a = Expression(g, x, random, depth - 1);
        var function = (ActivationFunction)random.Next(Enum.GetValues<ActivationFunction>().Length);
        return random.Next(7) switch
        {
            0 => g.Add(a, g.Activation(Expression(g, x, random, depth - 1), function)),
            1 => g.Subtract(g.Activation(Expression(g, x, random, depth - 1), function), a),
            2 => g.Multiply(g.Activation(a, ActivationFunction.Tanh), g.Activation(Expression(g, x, random, depth - 1), function)),
            3 => g.Maximum(g.Activation(a, function), Expression(g, x, random, depth - 1)),
            4 => g.Divide(g.Activation(a, ActivationFunction.Tanh), g.Add(
                g.Activation(Expression(g, x, random, depth - 1), ActivationFunction.Sigmoid), g.Number(0.5))),
            5 => g.Multiply(g.Activation(a, function), g.Constant($"slopes{random.Next()}", Numbers(random, [8]))),
            _ => g.Clamp(g.Activation(a, function), -0.8, 1.5),
        };
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
    public void A_models_own_functions_are_compiled_without_float()
    {
        manual_seed(3);
        var (first, second, third, fourth) = (nn.Conv2d(3, 6, 3), nn.Conv2d(6, 6, 3), nn.Conv2d(6, 4, 3), nn.Conv2d(4, 4, 1));
        using var model = new Lambda(x =>
        {
            var sums = first.call(x);
            var more = second.call(sums * sums.sigmoid());
            more = third.call(more * (more + 3).clamp(0, 6) / 6);
            return fourth.call(0.5 * more * (1 + (0.7978845608 * (more + (0.044715 * more.pow(3)))).tanh()));
        }, ("first", first), ("second", second), ("third", third), ("fourth", fourth));
        using var input = randn(8, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions { Activations = new LsqOptions() });
        quantized.Calibrate([input]);

        var report = Equivalence.Check(quantized, IntegerCompiler.Compile(quantized, input), [input]);

        report.Layers.Should().HaveCount(4).And.OnlyContain(layer => layer.Different == 0 || layer.LargestDistance < 1e-9);
    }

    [Fact]
    public void A_sum_of_clamps_of_one_value_has_thresholds_and_where_its_numbers_are_needed_it_is_a_sum()
    {
        var quantized = Layers(5, (g, x) => g.Quantize(g.Subtract(g.Relu(x), g.Clamp(x, -1, 1)), new(0.1, 0, -8, 7)));
        AreEqual(quantized);
        IntegerCompiler.CompileGraph(quantized).Nodes.OfType<RescaleNode>().Should().BeEmpty();

        var g = new GraphBuilder("sum");
        var x = g.Quantize(g.Input("x", [1, 6]), new(0.03, 0, -128, 127));
        x = g.Linear(x, g.Quantize(g.Constant("w", Numbers(new Random(6), [8, 6])), new(0.1, 0, -7, 7)));
        var sum = g.Output("y", g.Add(g.Relu(x), g.Add(x, g.Quantize(g.Add(g.Relu(x), x), new(0.1, 0, -32, 31))))).Build();
        AreEqual(sum);
    }

    [Fact]
    public void Sums_times_themselves_are_squares()
    {
        AreEqual(Layers(4, (g, x) => g.Quantize(TanhGelu(g, x, g.Multiply(g.Multiply(x, x), x)), new(0.1, 0, -4, 11))));
        AreEqual(Layers(4, (g, x) => g.Quantize(
            g.Unary(g.Add(g.Multiply(x, x), g.Number(0.01)), UnaryFunction.Sqrt), new(0.1, 0, 0, 15))));
    }

    public static TheoryData<string> WithGaps() => [.. Gaps.Keys];

    /// <summary>Functions that have no number, or no finite one, for some sum of a layer.</summary>
    private static readonly Dictionary<string, Func<GraphBuilder, GraphValue, GraphValue>> Gaps = new(StringComparer.Ordinal)
    {
        ["sqrt"] = (g, x) => g.Unary(x, UnaryFunction.Sqrt, name: "gap"),
        ["root"] = (g, x) => g.Power(x, g.Number(0.5), name: "gap"),
        ["cube root"] = (g, x) => g.Power(x, g.Number(1 / 3.0), name: "gap"),
        ["reciprocal"] = (g, x) => g.Unary(x, UnaryFunction.Reciprocal, name: "gap"),
        ["inverse square"] = (g, x) => g.Power(x, g.Number(-2), name: "gap"),
        ["log"] = (g, x) => g.Unary(g.Relu(x), UnaryFunction.Log, name: "gap"),
        ["inverse of a root"] = (g, x) => g.Unary(g.Relu(x), UnaryFunction.ReciprocalSqrt, name: "gap"),
    };

    [Theory]
    [MemberData(nameof(WithGaps))]
    public void Functions_that_are_no_number_for_a_sum_are_refused(string name)
    {
        var graph = Layers(2, (g, x) => g.Quantize(Gaps[name](g, x), new(0.1, 0, -8, 7)));

        FluentActions.Invoking(() => IntegerCompiler.CompileGraph(graph)).Should().Throw<IntegerCompilerException>()
            .Which.Node.Should().Be("gap");
    }

    [Fact]
    public void A_number_that_makes_a_value_larger_is_refused_or_stays_in_float()
    {
        ElementwiseOperator[] functions = [new AddOperator(), new MultiplyOperator(), new MaximumOperator(), new PowerOperator()];
        foreach (var function in functions)
        {
            foreach (var known in (double[][])[[1, 1, 1], [1, 2, 3]])
            {
                var g = new GraphBuilder("wider");
                var x = g.Quantize(g.Input("x", [1, 6]), new(0.03, 0, -128, 127));
                x = g.Linear(x, g.Quantize(g.Constant("w", Numbers(new Random(1), [1, 6])), new(0.1, 0, -7, 7)));
                x = g.Apply(function, [g.Activation(x, ActivationFunction.Sigmoid), g.Constant("known", GraphTensor.Of([3], known))])[0];
                var graph = g.Output("y", g.Quantize(x, new(0.1, 0, 0, 31))).Build();

                FluentActions.Invoking(() => IntegerCompiler.CompileGraph(graph)).Should().Throw<IntegerCompilerException>();
                AreEqual(graph, islands: true, nearby: 1e-5);
            }
        }
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
        if (report.CodesDifferent == 0)
        {
            report.LargestDifference.Should().BeLessThan(1e-4, report.ToString());
        }
    }
}
