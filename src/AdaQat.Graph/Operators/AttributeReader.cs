using System.Globalization;
using System.Text.Json;

namespace AdaQat.Graph;

/// <summary>
/// The members of an object in a document. Errors name the member, its value and what is allowed; one that nobody asked for is an error
/// too.
/// </summary>
internal sealed class AttributeReader
{
    private readonly JsonElement _members;
    private readonly Func<JsonElement, GraphTensor> _readTensor;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public AttributeReader(JsonElement members, Func<JsonElement, GraphTensor> readTensor)
    {
        (_members, _readTensor) = (members, readTensor);
        if (members.ValueKind != JsonValueKind.Object)
        {
            throw new GraphException($"there is {Shortened(members)} where an object has to be.");
        }
    }

    public string Text(string name) => Read(name, "a text", value => TextOf(value) is { } text ? (true, text) : (false, ""));

    public long Long(string name) => Read(name, "a whole number", ReadLong);

    public int Int(string name) => Read(name, "a whole number of 32 bits", value =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? (true, number) : (false, 0));

    public double Double(string name) => Read(name, "a number", ReadDouble);

    public long? OptionalLong(string name) => Read(name, "a whole number or null", value => Optional(value, ReadLong));

    public int? OptionalInt(string name) => OptionalLong(name) switch
    {
        null => null,
        { } number when number == (int)number => (int)number,
        { } number => throw new GraphException($"its '{name}' is {number}; allowed is a whole number of 32 bits or null."),
    };

    public double? OptionalDouble(string name) => Read(name, "a number or null", value => Optional(value, ReadDouble));

    public bool Flag(string name) => Read(name, "true or false", value =>
        (value.ValueKind is JsonValueKind.True or JsonValueKind.False, value.ValueKind == JsonValueKind.True));

    public T Choice<T>(string name)
        where T : struct, Enum =>
        Choice<T>(name, choice => choice.ToString());

    /// <summary>One of an enumeration's values, by the text that each is written as.</summary>
    public T Choice<T>(string name, Func<T, string> textOf)
        where T : struct, Enum
    {
        var choices = Enum.GetValues<T>();
        return Read(name, $"one of {string.Join(", ", choices.Select(textOf))}", value =>
        {
            var place = Array.FindIndex(choices, choice => textOf(choice) == TextOf(value));
            return place < 0 ? (false, default) : (true, choices[place]);
        });
    }

    public EquatableList<long> Longs(string name) => List(name, "a list of whole numbers", ReadLong);

    public EquatableList<double> Doubles(string name) => List(name, "a list of numbers", ReadDouble);

    public EquatableList<SizeExpression> Sizes(string name) => List(name, "a list of sizes", ReadSize);

    public Shape Shape(string name)
    {
        var sizes = Longs(name);
        try
        {
            return new(sizes.AsSpan());
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw new GraphException($"its '{name}' is {sizes}, which no shape can be.", fault);
        }
    }

    public GraphTensor Tensor(string name) => _readTensor(Find(name));

    public AttributeReader Object(string name) => new(Find(name), _readTensor);

    public EquatableList<T> List<T>(string name, string allowed, Func<JsonElement, (bool IsRight, T Value)> readItem) =>
        Read(name, allowed, value =>
        {
            if (value.ValueKind != JsonValueKind.Array)
            {
                return (false, []);
            }

            var items = value.EnumerateArray().Select(readItem).ToList();
            return (items.TrueForAll(item => item.IsRight), (EquatableList<T>)[.. items.Select(item => item.Value)]);
        });

    /// <summary>Refuses what was not read.</summary>
    public void Finish()
    {
        foreach (var member in _members.EnumerateObject().Where(member => !_read.Contains(member.Name)))
        {
            throw new GraphException($"it has '{member.Name}', which is not known; known are: {string.Join(", ", _read)}.");
        }
    }

    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (bool IsRight, long Value) ReadLong(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? (true, number) : (false, 0);

    private static (bool IsRight, double Value) ReadDouble(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number))
        {
            return (double.IsFinite(number), number);
        }

        // JSON has no infinities: they are texts.
        return TextOf(value) is "Infinity" or "-Infinity" or "NaN"
            ? (true, double.Parse(TextOf(value)!, CultureInfo.InvariantCulture)) : (false, 0);
    }

    private static (bool IsRight, SizeExpression Value) ReadSize(JsonElement value)
    {
        try
        {
            return TextOf(value) is { } text ? (true, SizeExpression.Parse(text)) : (false, SizeExpression.Remaining);
        }
        catch (FormatException)
        {
            return (false, SizeExpression.Remaining);
        }
    }

    private static (bool IsRight, T? Value) Optional<T>(JsonElement value, Func<JsonElement, (bool IsRight, T Value)> read)
        where T : struct
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return (true, null);
        }

        var (isRight, result) = read(value);
        return (isRight, result);
    }

    private static string Shortened(JsonElement value) =>
        value.GetRawText() is { Length: > 60 } text ? $"{text.AsSpan(0, 60)}…" : value.GetRawText();

    private T Read<T>(string name, string allowed, Func<JsonElement, (bool IsRight, T Value)> read)
    {
        var value = Find(name);
        var (isRight, result) = read(value);
        return isRight ? result : throw new GraphException($"its '{name}' is {Shortened(value)}; allowed is {allowed}.");
    }

    private JsonElement Find(string name)
    {
        _read.Add(name);
        return _members.TryGetProperty(name, out var value) ? value : throw new GraphException($"it has no '{name}'.");
    }
}
