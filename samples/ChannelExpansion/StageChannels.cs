using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChannelExpansion;

/// <summary>The channels of the network's three stages before anything is searched.</summary>
/// <param name="First">At 32×32 pixels.</param>
/// <param name="Second">At 16×16.</param>
/// <param name="Third">At 8×8.</param>
[JsonConverter(typeof(AsText))]
public sealed record StageChannels(int First, int Second, int Third)
{
    /// <summary>What a stage may have at most: more is a typing error.</summary>
    public const int Most = 1024;

    /// <summary>ResNet-20's own.</summary>
    public static StageChannels ResNet20 { get; } = new(16, 32, 64);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out StageChannels? channels)
    {
        ArgumentNullException.ThrowIfNull(text);
        var numbers = text.Split(',')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= Most ? n : 0).ToList();
        channels = numbers.Count == 3 && numbers.TrueForAll(n => n > 0) ? new StageChannels(numbers[0], numbers[1], numbers[2]) : null;
        return channels is not null;
    }

    /// <returns>As in <c>16,32,64</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First},{Second},{Third}");

    /// <summary>In files, too, they are as a command line has them.</summary>
    private sealed class AsText : JsonConverter<StageChannels>
    {
        public override StageChannels Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text && TryParse(text, out var channels)
                ? channels! : throw new JsonException("Channels are three whole numbers, as in \"16,32,64\".");

        public override void Write(Utf8JsonWriter writer, StageChannels value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
