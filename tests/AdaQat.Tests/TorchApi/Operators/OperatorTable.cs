using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

/// <summary>The functions of Fixtures/make_operators.py, written with TorchSharp, under the same names.</summary>
internal static partial class OperatorTable
{
    private static readonly Dictionary<string, Func<Tensor[], Tensor[]>> Table = [];

    // Where the operator sums or divides so that its last digits are not those of another build of libtorch.
    private static readonly Dictionary<string, double> Slacks = new()
    {
        ["digamma"] = 10,
        ["lgamma"] = 10,
        ["erfinv"] = 10,
        ["tan"] = 10,
        ["det"] = 10,
        ["cdist"] = 10,
        ["local_response_norm"] = 10,
        ["instance_norm"] = 10,
        ["batch_norm training"] = 10,
        ["batch_norm vectors"] = 10,
        ["group_norm"] = 10,
        ["layer_norm"] = 10,
        ["grid_sample"] = 10,
        ["embedding losses"] = 10,
    };

    static OperatorTable()
    {
        DefineArithmetic();
        DefineFunctions();
        DefineReductions();
        DefineShapes();
        DefineIndexing();
        DefineProducts();
        DefineInPlace();
        DefineLayers();
        DefineActivations();
        DefinePooling();
        DefineResizing();
        DefineLosses();
        DefineAttention();
    }

    public static IReadOnlyDictionary<string, Func<Tensor[], Tensor[]>> Functions => Table;

    /// <summary>How many times the usual tolerance a case may use.</summary>
    public static double Slack(string name) => Slacks.GetValueOrDefault(name, 1);

    private static void Define(string name, Func<Tensor, Tensor[]> function) => Table.Add(name, t => function(t[0]));

    private static void Define(string name, Func<Tensor, Tensor, Tensor[]> function) => Table.Add(name, t => function(t[0], t[1]));

    private static void Define(string name, Func<Tensor, Tensor, Tensor, Tensor[]> function)
        => Table.Add(name, t => function(t[0], t[1], t[2]));

    private static void Define(string name, Func<Tensor, Tensor, Tensor, Tensor, Tensor[]> function)
        => Table.Add(name, t => function(t[0], t[1], t[2], t[3]));

    private static void Define(string name, Func<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor[]> function)
        => Table.Add(name, t => function(t[0], t[1], t[2], t[3], t[4]));

    private static Tensor[] Both((Tensor, Tensor) pair) => [pair.Item1, pair.Item2];
}
