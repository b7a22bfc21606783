using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>Functions of one number, and sums and products element by element.</summary>
internal static class PointwiseLowering
{
    private const double SoftplusThreshold = 20;

    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["relu"] = Of(_ => new ReluOperator()),
        ["relu6"] = Of(_ => new ClampOperator(0, 6)),
        ["hardtanh"] = Of(call => new ClampOperator(call.Number(1), call.Number(2))),
        ["clamp"] = Of(call => call.Count > 1 && (call.IsTensor(1) || call.IsTensor(2))
            ? throw call.Refusal("limits that are tensors are not among a graph's operators; use minimum and maximum")
            : new ClampOperator(call.NumberOrNone(1), call.NumberOrNone(2))),
        ["clamp_min"] = Of(call => new ClampOperator(call.Number(1), null)),
        ["clamp_max"] = Of(call => new ClampOperator(null, call.Number(1))),
        ["sigmoid"] = Of(_ => new ActivationOperator(ActivationFunction.Sigmoid)),
        ["expit"] = Of(_ => new ActivationOperator(ActivationFunction.Sigmoid)),
        ["log_sigmoid"] = Of(_ => new ActivationOperator(ActivationFunction.LogSigmoid)),
        ["tanh"] = Of(_ => new ActivationOperator(ActivationFunction.Tanh)),
        ["gelu"] = Of(call => new ActivationOperator(
            call.Count > 1 && call.Text(1) == "tanh" ? ActivationFunction.GeluTanh : ActivationFunction.Gelu)),
        ["silu"] = Of(_ => new ActivationOperator(ActivationFunction.Silu)),
        ["mish"] = Of(_ => new ActivationOperator(ActivationFunction.Mish)),
        ["hardsigmoid"] = Of(_ => new ActivationOperator(ActivationFunction.HardSigmoid)),
        ["hardswish"] = Of(_ => new ActivationOperator(ActivationFunction.HardSwish)),
        ["leaky_relu"] = Of(call => new ActivationOperator(ActivationFunction.LeakyRelu, call.Number(1))),
        ["elu"] = Of(call => call.Number(2) == 1 && call.Number(3) == 1
            ? new ActivationOperator(ActivationFunction.Elu, call.Number(1))
            : throw call.Refusal("ELU with a scale is not among a graph's operators")),
        ["celu"] = Of(call => new ActivationOperator(ActivationFunction.Celu, call.Number(1))),
        ["selu"] = Of(_ => new ActivationOperator(ActivationFunction.Selu)),
        ["softplus"] = Of(call => call.Number(2) == SoftplusThreshold
            ? new ActivationOperator(ActivationFunction.Softplus, call.Number(1))
            : throw call.Refusal($"softplus with another threshold than {SoftplusThreshold} is not among a graph's operators")),
        ["prelu"] = call => call.Return(call.Emit(new PReluOperator(), call.Value(0), call.Value(1))),
        ["abs"] = Of(_ => new UnaryOperator(UnaryFunction.Abs)),
        ["neg"] = Of(_ => new UnaryOperator(UnaryFunction.Negate)),
        ["exp"] = Of(_ => new UnaryOperator(UnaryFunction.Exp)),
        ["log"] = Of(_ => new UnaryOperator(UnaryFunction.Log)),
        ["sqrt"] = Of(_ => new UnaryOperator(UnaryFunction.Sqrt)),
        ["rsqrt"] = Of(_ => new UnaryOperator(UnaryFunction.ReciprocalSqrt)),
        ["reciprocal"] = Of(_ => new UnaryOperator(UnaryFunction.Reciprocal)),
        ["square"] = Of(_ => new UnaryOperator(UnaryFunction.Square)),
        ["erf"] = Of(_ => new UnaryOperator(UnaryFunction.Erf)),
        ["sin"] = Of(_ => new UnaryOperator(UnaryFunction.Sin)),
        ["cos"] = Of(_ => new UnaryOperator(UnaryFunction.Cos)),
        ["floor"] = Of(_ => new UnaryOperator(UnaryFunction.Floor)),
        ["ceil"] = Of(_ => new UnaryOperator(UnaryFunction.Ceil)),
        ["round"] = Of(call => call.Count == 1 ? new UnaryOperator(UnaryFunction.Round) : throw call.Refusal("decimals are not supported")),
        ["sign"] = Of(_ => new UnaryOperator(UnaryFunction.Sign)),
        ["add"] = Sum,
        ["sub"] = Difference,
        ["rsub"] = call => call.Return(call.Emit(new SubtractOperator(), call.Value(1), Scaled(call, 0, factor: 2))),
        ["mul"] = Of2(() => new MultiplyOperator()),
        ["div"] = call => call.Return(call.Count == 2 || call.IsNone(2)
            ? call.Emit(new DivideOperator(), call.Value(0), call.Value(1))
            : throw call.Refusal("a division that rounds is not among a graph's operators")),
        ["maximum"] = Of2(() => new MaximumOperator()),
        ["minimum"] = Of2(() => new MinimumOperator()),
        ["pow"] = call => call.Return(!call.IsTensor(1) && call.Number(1) == 2
            ? call.Emit(new UnaryOperator(UnaryFunction.Square), call.Value(0))
            : call.Emit(new PowerOperator(), call.Value(0), call.Value(1))),
    };

    private static Action<CallLowering> Of(Func<CallLowering, GraphOperator> make) =>
        call => call.Return(call.Emit(make(call), call.Value(0)));

    private static Action<CallLowering> Of2(Func<GraphOperator> make) =>
        call => call.Return(call.Emit(make(), call.Value(0), call.Value(1)));

    private static void Sum(CallLowering call)
    {
        var (left, right) = (call.Value(0), Scaled(call, 1, factor: 2));
        var layer = call.IsTensor(1) ? LayerLowering.WithBias(call, left, right, call.Tensor(1)) : null;
        call.Return(layer ?? call.Emit(new AddOperator(), left, right));
    }

    private static void Difference(CallLowering call) =>
        call.Return(call.Emit(new SubtractOperator(), call.Value(0), Scaled(call, 1, factor: 2)));

    private static DraftValue Scaled(CallLowering call, int argument, int factor) =>
        call.Count > factor && call.Number(factor) != 1
            ? call.Emit(new MultiplyOperator(), call.Value(argument), call.Scalar(call.Number(factor)))
            : call.Value(argument);
}
