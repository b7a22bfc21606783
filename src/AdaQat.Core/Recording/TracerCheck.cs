using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>
/// Records a function that is known, and compares: whether libtorch's objects are laid out as they were when this was written is seen here,
/// and not in a user's graph.
/// </summary>
internal static class TracerCheck
{
    private const double Number = 0.1234567890123456;
    private static readonly double[] Values = [1.0 / 3, -2.0 / 7, 1e-12];

    /// <exception cref="PlatformNotSupportedException">The recording is not what was computed.</exception>
    public static void Run(LibtorchSymbols symbols)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var input = ones([2, 3], dtype: ScalarType.Float64);
        var values = tensor(Values, dtype: ScalarType.Float64);
        using var tracer = LibtorchTracer.Begin(symbols);
        var inputName = tracer.NameOf(input, "i0");
        var result = input.Mul(Number).Add(values).relu_();
        var outputName = tracer.NameOf(result, "o0");
        var program = tracer.Stop();

        var kinds = program.Operations.Where(o => o.Kind != TorchOperation.Constant).Select(o => o.Kind);
        var isRight = kinds.SequenceEqual(["aten::mul", "aten::add", "aten::relu_"])
            && program.Operations.First(o => o.Kind == "aten::mul").Inputs[0] == inputName
            && program.Operations[^1].Outputs is [{ Name: var name, Type.Shape: [2, 3] }] && name == outputName
            && program.Operations.Where(o => o.Outputs is [{ Type.Name: "float" }]).Select(TorchConstants.Read).SequenceEqual([Number])
            && program.Tensors.Values.SingleOrDefault() is { } constant
            && constant.shape.SequenceEqual(values.shape) && constant.data<double>().SequenceEqual(Values);
        if (!isRight)
        {
            throw LibtorchSymbols.NotAvailable("a function that is known is recorded as something else");
        }
    }
}
