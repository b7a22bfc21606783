using System.Text.Json;
using System.Text.Json.Serialization;
using AdaQat.Checkpoints;

namespace AdaQat.Sensitivity;

/// <summary>The state of an analysis as a file of JSON, replaced as a whole.</summary>
internal static class SensitivityFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write(string path, SensitivityState state) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, state, Options));

    /// <summary>The state in a file, if there is one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The state before the first forward, of the analysis that is to go on.</param>
    /// <exception cref="CheckpointException">The file is none of an analysis, or of another one; the message says what differs.</exception>
    public static SensitivityState? Read(string path, SensitivityState start)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var found = Parse(path);
        if (found.Format != start.Format)
        {
            throw new CheckpointException($"'{path}' has format {found.Format}; this version reads {start.Format}.");
        }

        foreach (var (name, text) in start.Subject)
        {
            if (found.Subject.GetValueOrDefault(name) is var other && other != text)
            {
                throw new CheckpointException(
                    $"'{path}' is of another analysis: {name} is {Short(other)} there and {Short(text)} here. Delete the file, or name "
                    + "another, to begin anew.");
            }
        }

        return found.Sums.Length == start.Sums.Length && found.Sums.Zip(start.Sums).All(s => s.First.Length == s.Second.Length)
            && found.Targets <= found.Sums.Length
            ? found
            : throw new CheckpointException($"'{path}' is damaged: its sums are not those of the layers.");
    }

    private static SensitivityState Parse(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<SensitivityState>(stream, Options)
                ?? throw new CheckpointException($"'{path}' is no checkpoint of a sensitivity analysis: it is empty.");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException($"'{path}' is no checkpoint of a sensitivity analysis: {fault.Message}", fault);
        }
    }

    private static string Short(string? text) => text is null ? "not there" : text.Length > 80 ? $"'{text[..80]}…'" : $"'{text}'";
}
