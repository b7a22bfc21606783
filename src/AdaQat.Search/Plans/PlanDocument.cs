using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaQat.Search;

/// <summary>A plan as JSON.</summary>
internal static class PlanDocument
{
    private const string Format = "adaqat.channel-plan";
    private const int CurrentVersion = 1;

    private static readonly string[] Origins = [.. Enum.GetNames<ChannelOrigin>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static string Write(ChannelPlan plan)
    {
        var layers = plan.Layers.Select(layer => "    " + JsonSerializer.Serialize(layer, Json));
        return FormattableString.Invariant($"{{\n  \"format\": \"{Format}\",\n  \"version\": {CurrentVersion},\n  \"layers\": [\n")
            + string.Join(",\n", layers) + "\n  ]\n}\n";
    }

    /// <exception cref="FormatException">It is no plan.</exception>
    public static ChannelPlan Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || format.GetString() != Format)
            {
                throw new FormatException($"This is no plan of channels: it lacks \"format\": \"{Format}\".");
            }

            var version = root.GetProperty("version").GetInt32();
            if (version is < 1 or > CurrentVersion)
            {
                throw new FormatException(
                    $"The plan is of version {version}; this version of AdaQat reads up to {CurrentVersion}.");
            }

            return new ChannelPlan([.. root.GetProperty("layers").EnumerateArray().Select(Layer)]);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"The plan cannot be read: {fault.Message}", fault);
        }
    }

    /// <exception cref="FormatException">It is none; the message names it by name and place.</exception>
    private static PlannedChannels Layer(JsonElement layer, int place)
    {
        var isObject = layer.ValueKind == JsonValueKind.Object;
        var name = isObject && layer.TryGetProperty("layer", out var said) ? said.ToString() : "";
        var who = FormattableString.Invariant($"layer {place + 1} of the plan{(name.Length > 0 ? $", '{name}'," : "")}");
        if (isObject && layer.TryGetProperty("origin", out var origin)
            && !(origin.ValueKind == JsonValueKind.String && Origins.Contains(origin.GetString(), StringComparer.OrdinalIgnoreCase)))
        {
            throw new FormatException($"The origin of {who} is {origin.GetRawText()}; allowed are {string.Join(", ", Origins)}.");
        }

        try
        {
            return layer.Deserialize<PlannedChannels>(Json) ?? throw new FormatException($"There is no {who}: it is null.");
        }
        catch (JsonException fault)
        {
            throw new FormatException($"The plan cannot be read: {who} is {layer.GetRawText()}: {fault.Message}", fault);
        }
    }
}
