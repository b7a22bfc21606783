using System.Text.Json;

namespace AdaQat.Graph;

/// <summary>An operator's attributes as a document has them. Errors name the attribute; one that nobody asked for is an error too.</summary>
internal sealed class AttributeReader(JsonElement attributes, Func<JsonElement, GraphTensor> readTensor)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public long Long(string name) => Read(name, "a whole number", ReadLong);

    public int Int(string name) => Read(name, "a whole number of 32 bits", value =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? (true, number) : (false, 0));

    public double Double(string name) => Read(name, "a number", ReadDouble);

    public double? OptionalDouble(string name) => Read(name, "a number or null", value =>
        value.ValueKind == JsonValueKind.Null ? (true, (double?)null) : (ReadDouble(value).IsRight, ReadDouble(value).Value));

    public long? OptionalLong(string name) => Read(name, "a whole number or null", value =>
        value.ValueKind == JsonValueKind.Null ? (true, (long?)null) : (ReadLong(value).IsRight, ReadLong(value).Value));

    public int? OptionalInt(string name) => OptionalLong(name) switch
    {
        null => null,
        { } number when number == (int)number => (int)number,
        { } number => throw new GraphException($"the attribute '{name}' is {number}; allowed is a whole number of 32 bits or null."),
    };

    public bool Flag(string name) => Read(name, "true or false", value =>
        (value.ValueKind is JsonValueKind.True or JsonValueKind.False, value.ValueKind == JsonValueKind.True));

    public T Choice<T>(string name)
        where T : struct, Enum =>
        Read(name, $"one of {string.Join(", ", Enum.GetNames<T>())}", value =>
            Enum.TryParse<T>(Text(value), out var choice) && choice.ToString() == Text(value) ? (true, choice) : (false, default));

    public EquatableList<long> Longs(string name) => Read(name, "a list of whole numbers", value => ReadList(value, ReadLong));

    public EquatableList<double> Doubles(string name) => Read(name, "a list of numbers", value => ReadList(value, ReadDouble));

    public EquatableList<SizeExpression> Sizes(string name) => Read(name, "a list of sizes", value => ReadList(value, ReadSize));

    public Shape Shape(string name) => new(Longs(name).AsSpan());

    public GraphTensor Tensor(string name) => readTensor(Find(name));

    /// <summary>Refuses what was not read.</summary>
    public void Finish()
    {
        foreach (var attribute in attributes.EnumerateObject().Where(attribute => !_read.Contains(attribute.Name)))
        {
            throw new GraphException($"the attribute '{attribute.Name}' is not known; known are: {string.Join(", ", _read)}.");
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (bool IsRight, long Value) ReadLong(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? (true, number) : (false, 0);

    private static (bool IsRight, double Value) ReadDouble(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? (true, number) : (false, 0);

    private static (bool IsRight, SizeExpression Value) ReadSize(JsonElement value)
    {
        try
        {
            return Text(value) is { } text ? (true, SizeExpression.Parse(text)) : (false, SizeExpression.Remaining);
        }
        catch (FormatException)
        {
            return (false, SizeExpression.Remaining);
        }
    }

    private static (bool IsRight, EquatableList<T> Value) ReadList<T>(JsonElement value, Func<JsonElement, (bool IsRight, T Value)> readItem)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return (false, []);
        }

        var items = value.EnumerateArray().Select(readItem).ToList();
        return (items.TrueForAll(item => item.IsRight), [.. items.Select(item => item.Value)]);
    }

    private T Read<T>(string name, string allowed, Func<JsonElement, (bool IsRight, T Value)> read)
    {
        var value = Find(name);
        var (isRight, result) = read(value);
        return isRight ? result : throw new GraphException($"the attribute '{name}' is {value.GetRawText()}; allowed is {allowed}.");
    }

    private JsonElement Find(string name)
    {
        _read.Add(name);
        return attributes.TryGetProperty(name, out var value) ? value : throw new GraphException($"the attribute '{name}' is missing.");
    }
}
