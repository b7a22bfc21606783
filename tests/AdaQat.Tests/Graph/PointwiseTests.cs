using AdaQat.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.Graph;

/// <summary>Activations and arithmetic compute what TorchSharp's do.</summary>
public sealed class PointwiseTests
{
    /// <summary>Small, large, halves and what is no number: each is compared with its own size, not with that of the others.</summary>
    private static readonly double[] Numbers =
    [
        0, -0.0, 1e-9, -1e-9, 0.3, -0.3, 0.5, -0.5, 1, -1, 1.5, 2.5, -2.5, 2.9, -2.9, 3, -3, 3.1, -3.1, 5.7, -5.7, 6.5, 19, 21, -21, 30,
        800, -800, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    private static readonly Dictionary<ActivationFunction, Func<Tensor, Tensor>> Activations = new()
    {
        [ActivationFunction.Sigmoid] = x => x.sigmoid(),
        [ActivationFunction.LogSigmoid] = x => logsigmoid(x),
        [ActivationFunction.Tanh] = x => x.tanh(),
        [ActivationFunction.Gelu] = x => gelu(x),
        [ActivationFunction.GeluTanh] = x => gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        [ActivationFunction.Silu] = x => silu(x),
        [ActivationFunction.Mish] = x => mish(x),
        [ActivationFunction.HardSigmoid] = x => hardsigmoid(x),
        [ActivationFunction.HardSwish] = x => hardswish(x),
        [ActivationFunction.LeakyRelu] = x => leaky_relu(x, 0.01),
        [ActivationFunction.Elu] = x => elu(x, 1),
        [ActivationFunction.Celu] = x => celu(x, 1),
        [ActivationFunction.Selu] = x => selu(x),
        [ActivationFunction.Softplus] = x => softplus(x),
        [ActivationFunction.Softsign] = x => softsign(x),
    };

    private static readonly Dictionary<UnaryFunction, Func<Tensor, Tensor>> Functions = new()
    {
        [UnaryFunction.Abs] = x => x.abs(),
        [UnaryFunction.Negate] = x => x.neg(),
        [UnaryFunction.Exp] = x => x.exp(),
        [UnaryFunction.Log] = x => x.log(),
        [UnaryFunction.Sqrt] = x => x.sqrt(),
        [UnaryFunction.ReciprocalSqrt] = x => x.rsqrt(),
        [UnaryFunction.Reciprocal] = x => x.reciprocal(),
        [UnaryFunction.Square] = x => x.square(),
        [UnaryFunction.Erf] = x => x.erf(),
        [UnaryFunction.Sin] = x => x.sin(),
        [UnaryFunction.Cos] = x => x.cos(),
        [UnaryFunction.Floor] = x => x.floor(),
        [UnaryFunction.Ceil] = x => x.ceil(),
        [UnaryFunction.Round] = x => x.round(),
        [UnaryFunction.Sign] = x => x.sign(),
    };

    private static readonly Dictionary<string, (GraphOperator Operator, Func<Tensor, Tensor, Tensor> Torch)> Arithmetic = new()
    {
        ["add"] = (new AddOperator(), (a, b) => a + b),
        ["sub"] = (new SubtractOperator(), (a, b) => a - b),
        ["mul"] = (new MultiplyOperator(), (a, b) => a * b),
        ["div"] = (new DivideOperator(), (a, b) => a / b),
        ["pow"] = (new PowerOperator(), (a, b) => a.pow(b)),
        ["maximum"] = (new MaximumOperator(), (a, b) => a.maximum(b)),
        ["minimum"] = (new MinimumOperator(), (a, b) => a.minimum(b)),
    };

    public static TheoryData<ActivationFunction> AllActivations() => [.. Enum.GetValues<ActivationFunction>()];

    public static TheoryData<UnaryFunction> AllFunctions() => [.. Enum.GetValues<UnaryFunction>()];

    public static TheoryData<string> AllArithmetic() => [.. Arithmetic.Keys];

    [Theory]
    [MemberData(nameof(AllActivations))]
    public void Activations_are_TorchSharps(ActivationFunction function)
    {
        CheckEach(new ActivationOperator(function), Activations[function]);
    }

    [Theory]
    [MemberData(nameof(AllFunctions))]
    public void Functions_are_TorchSharps(UnaryFunction function)
    {
        CheckEach(new UnaryOperator(function), Functions[function]);
    }

    [Fact]
    public void The_parameter_of_an_activation_counts()
    {
        CheckEach(new ActivationOperator(ActivationFunction.LeakyRelu, -0.5), x => leaky_relu(x, -0.5));
        CheckEach(new ActivationOperator(ActivationFunction.Elu, 1.7), x => elu(x, 1.7));
        CheckEach(new ActivationOperator(ActivationFunction.Celu, 0.3), x => celu(x, 0.3));
        CheckEach(new ActivationOperator(ActivationFunction.Softplus, 2.5), x => softplus(x, 2.5));
    }

    [Fact]
    public void Rectifiers_and_limits_are_TorchSharps()
    {
        CheckEach(new ReluOperator(), x => relu(x));
        CheckEach(new ClampOperator(0, 6), x => relu6(x));
        CheckEach(new ClampOperator(-1, 1), x => x.clamp(-1, 1));
        CheckEach(new ClampOperator(null, 2), x => x.clamp_max(2));
        CheckEach(new ClampOperator(-2, null), x => x.clamp_min(-2));
    }

    [Theory]
    [InlineData(1, 2, 3, 4)]
    [InlineData(3, 2, 3)]
    [InlineData(1, 4)]
    public void Learned_slopes_are_one_for_each_channel_or_one_for_all(int slopes, params int[] shape)
    {
        var x = GraphOracle.Noise(1, [.. shape.Select(size => (long)size)]);
        var slope = GraphOracle.Noise(2, slopes);

        GraphOracle.Check(new PReluOperator(), () => prelu(x, slope), x, slope);
    }

    [Theory]
    [MemberData(nameof(AllArithmetic))]
    public void Arithmetic_broadcasts_as_TorchSharps_does(string name)
    {
        var (graphOperator, compute) = Arithmetic[name];
        long[][] shapes = [[], [1], [4], [3, 1], [3, 4], [2, 1, 4], [2, 3, 1], [1, 3, 4], [2, 3, 4]];
        foreach (var (left, right) in shapes.SelectMany(left => shapes.Select(right => (left, right))))
        {
            using var scope = NewDisposeScope();
            var (a, b) = (GraphOracle.Noise(1, left), GraphOracle.Noise(2, right));

            GraphOracle.Check(graphOperator, () => compute(a, b), a, b);
        }
    }

    [Fact]
    public void What_is_no_number_stays_none()
    {
        var (nan, one) = (tensor([double.NaN]), tensor([1.0]));
        foreach (var (graphOperator, compute) in Arithmetic.Values)
        {
            GraphOracle.Check(graphOperator, () => compute(nan, one), nan, one);
            GraphOracle.Check(graphOperator, () => compute(one, nan), one, nan);
        }
    }

    [Fact]
    public void The_error_function_has_all_its_digits()
    {
        for (var x = -7.0; x <= 7; x += 0.01)
        {
            using var expected = tensor(x, dtype: ScalarType.Float64).erf();
            var actual = new UnaryOperator(UnaryFunction.Erf).Evaluate(GraphTensor.Scalar(x))[0].ToFloat64()[0];
            actual.Should().BeApproximately(expected.item<double>(), 4e-15, "erf({0})", x);
        }
    }

    private static void CheckEach(GraphOperator graphOperator, Func<Tensor, Tensor> compute)
    {
        foreach (var number in Numbers)
        {
            using var scope = NewDisposeScope();
            var x = tensor([number], dtype: ScalarType.Float64);
            GraphOracle.Check(graphOperator, () => compute(x), x);
        }
    }
}
