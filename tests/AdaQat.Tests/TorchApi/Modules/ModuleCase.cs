using System.Text.Json;
using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>One line of modules.json: what PyTorch makes of a module in a given state and its inputs.</summary>
internal sealed record ModuleCase(
    string Name,
    int Calls,
    bool Train,
    string[] Parameters,
    string[] Buffers,
    Dictionary<string, ModuleTensor> State,
    ModuleTensor[] Inputs,
    ModuleTensor Output,
    ModuleTensor?[] InputGradients,
    Dictionary<string, ModuleTensor?> Gradients,
    Dictionary<string, ModuleTensor> BuffersAfter)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Lazy<ModuleCase[]> Cases = new(() =>
        JsonSerializer.Deserialize<ModuleCase[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "modules.json")), Format)!);

    public static IReadOnlyList<ModuleCase> All => Cases.Value;
}

/// <summary>A tensor of modules.json: float64, or int64 where it counts or indexes.</summary>
internal sealed record ModuleTensor(long[] Shape, bool Integers, double[] Values)
{
    public Tensor ToTensor()
    {
        using var numbers = tensor(Values, dtype: ScalarType.Float64);
        return numbers.to_type(Integers ? ScalarType.Int64 : ScalarType.Float64).reshape(Shape).clone();
    }

    public void Check(Tensor? actual, string what)
    {
        actual.Should().NotBeNull("of the {0}", what);
        actual!.shape.Should().Equal(Shape, "of the {0}", what);
        var numbers = actual.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
        var allowed = 1e-11 * Values.Select(Math.Abs).Append(1).Max();
        for (var i = 0; i < numbers.Length; i++)
            numbers[i].Should().BeApproximately(Values[i], allowed, "of element {0} of the {1}", i, what);
    }
}
