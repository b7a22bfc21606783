using System.Text.Json;
using System.Text.Unicode;

namespace AdaQat.Checkpoints;

/// <summary>
/// Reads a header's JSON and checks everything in it. What is wrong is told as a <see cref="CheckpointException"/> without the
/// file's name.
/// </summary>
internal static class SafeTensorsHeaderParser
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static SafeTensorsHeader Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span)) throw new CheckpointException("the header is not valid UTF-8");

        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var entries = new List<SafeTensorsEntry>();
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(SafeTensorsHeader.MetadataName))
                {
                    ReadMetadata(property.Value, metadata);
                }
                else
                {
                    entries.Add(ReadEntry(property.Name, property.Value));
                }
            }

            entries.Sort((left, right) => (left.Offset, left.ByteCount).CompareTo((right.Offset, right.ByteCount)));
            CheckContiguous(entries);
            return new SafeTensorsHeader(entries, metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"the header is not well-formed: {error.Message}", error);
        }
    }

    private static void ReadMetadata(JsonElement json, Dictionary<string, string> metadata)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw new CheckpointException($"the metadata '{property.Name}' is {property.Value.ValueKind}; expected is a string");
            }
            if (!property.NameEquals(ContentSeal.Key)) metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    private static SafeTensorsEntry ReadEntry(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object
            || json.EnumerateObject().Count() != 3
            || !json.TryGetProperty("dtype", out var dtypeJson)
            || !json.TryGetProperty("shape", out var shapeJson)
            || !json.TryGetProperty("data_offsets", out var offsetsJson)
            || dtypeJson.ValueKind != JsonValueKind.String)
        {
            throw new CheckpointException($"the entry of tensor '{name}' is not a dtype, a shape and data_offsets");
        }

        var dtypeName = dtypeJson.GetString()!;
        var dtype = SafeTensorsDtype.Parse(dtypeName)
            ?? throw new CheckpointException($"tensor '{name}' has dtype {dtypeName}; known are {SafeTensorsDtype.Names}");
        var shape = ReadNumbers(name, "shape", shapeJson);
        var offsets = ReadNumbers(name, "data_offsets", offsetsJson);
        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            throw new CheckpointException(
                $"the data_offsets of tensor '{name}' are [{string.Join(", ", offsets)}]; expected are a begin and an end");
        }

        var found = offsets[1] - offsets[0];
        var expected = ByteCount(shape, SafeTensorsDtype.SizeOf(dtype));
        if (expected != found)
        {
            var described = SafeTensorsEntry.Describe(dtype, shape);
            throw new CheckpointException($"tensor '{name}' of {described} has {found} bytes; expected are {expected}");
        }
        return new SafeTensorsEntry(name, dtype, shape, offsets[0], found);
    }

    private static long[] ReadNumbers(string name, string what, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) throw new CheckpointException($"the {what} of tensor '{name}' is not a list");

        return [.. json.EnumerateArray().Select(element =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0
                ? number
                : throw new CheckpointException($"the {what} of tensor '{name}' contains {element}; expected are whole numbers from 0"))];
    }

    // Saturates: a shape whose size no file can have is reported like any other that does not match its data.
    private static Int128 ByteCount(long[] shape, int elementSize)
    {
        if (shape.Contains(0)) return 0;

        Int128 count = elementSize;
        foreach (var size in shape) count = Int128.Min(count * size, long.MaxValue);
        return count;
    }

    private static void CheckContiguous(List<SafeTensorsEntry> entries)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Offset != end)
            {
                throw new CheckpointException($"the data of tensor '{entry.Name}' begin at {entry.Offset}; expected is {end}");
            }
            end += entry.ByteCount;
        }
    }
}
