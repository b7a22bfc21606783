using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

/// <summary>One line of operators.json: what PyTorch makes of some inputs.</summary>
internal sealed record OperatorCase(string Name, OperatorTensor[] Inputs, OperatorTensor[] Outputs, OperatorTensor?[] Gradients)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Lazy<OperatorCase[]> Cases = new(() =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "operators.json");
        return JsonSerializer.Deserialize<OperatorCase[]>(File.ReadAllText(path), Format)!;
    });

    public static IReadOnlyList<OperatorCase> All => Cases.Value;
}

/// <summary>A tensor of operators.json.</summary>
internal sealed record OperatorTensor(string Type, long[] Shape, JsonElement[] Values, bool Differentiable)
{
    public ScalarType Dtype => Type switch
    {
        "f32" => ScalarType.Float32,
        "f64" => ScalarType.Float64,
        "i64" => ScalarType.Int64,
        "b" => ScalarType.Bool,
        _ => throw new InvalidDataException($"operators.json names an unknown type: {Type}."),
    };

    // Values that JSON has no number for are written as "nan", "inf" and "-inf".
    public double[] Numbers => Array.ConvertAll(Values, v => v.ValueKind == JsonValueKind.Number
        ? v.GetDouble()
        : v.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN });

    public Tensor ToTensor()
    {
        using var numbers = tensor(Numbers, dtype: ScalarType.Float64);
        return numbers.to_type(Dtype).reshape(Shape);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Type} [{string.Join(", ", Shape)}]");
}
