using System.Text.Json;
using System.Text.Json.Serialization;
using AdaQat.Learning;
using AdaQat.Training;

namespace AdaQat.Checkpoints;

/// <summary>The part of a checkpoint that is not tensors: JSON in the file's metadata.</summary>
/// <param name="Format">The version of this document; a newer one is refused.</param>
/// <param name="Progress">Where the run stands.</param>
/// <param name="Optimizer">The type of the weights' optimizer; of several, their names and types.</param>
/// <param name="Settings">Choices that must be the same on resuming, by name.</param>
/// <param name="Layers">Quantizers and widths by layer; empty for a model in float.</param>
/// <param name="Widths">The bit-widths' optimizer, or null.</param>
/// <param name="Notes">Text of the user's own.</param>
/// <param name="Optimizers">The types of optimizers that have a name, by name; null where there is one without.</param>
/// <remarks>Whatever is added must have a default value that means what files without it mean.</remarks>
internal sealed record TrainingDocument(
    int Format, TrainingProgress Progress, string Optimizer, IReadOnlyDictionary<string, string> Settings,
    IReadOnlyDictionary<string, string> Layers, OptimizerSnapshot? Widths, IReadOnlyDictionary<string, string> Notes,
    IReadOnlyDictionary<string, string>? Optimizers = null)
{
    public const int CurrentFormat = 1;

    private const string Key = "adaqat.training";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static TrainingDocument Of(TrainingState state) => new(
        CurrentFormat, state.Progress, state.Weights.Description,
        new SortedDictionary<string, string>(state.Settings().ToDictionary(s => s.Key, s => s.Value.Text), StringComparer.Ordinal),
        Describe(state.Quantized), state.Widths?.Snapshot(),
        new SortedDictionary<string, string>(state.Progress.Notes.ToDictionary(), StringComparer.Ordinal),
        state.Weights.KindsByName is { Count: > 0 } named ? named : null);

    public static TrainingDocument Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(Key, out var text))
        {
            throw new CheckpointException($"The file '{path}' holds tensors but no training state: it lacks the metadata '{Key}'.");
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var format = document.RootElement.GetProperty("format").GetInt32();
            if (format > CurrentFormat)
            {
                throw new CheckpointException(
                    $"The checkpoint '{path}' is of format {format}; this version reads up to {CurrentFormat}. A newer version of "
                    + "AdaQat is needed.");
            }

            return document.Deserialize<TrainingDocument>(Json)!;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"The training state in '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The choices that a run's checkpoint notes; none in a file of tensors alone.</summary>
    public static IReadOnlyDictionary<string, string> SettingsIn(string path, IReadOnlyDictionary<string, string> metadata) =>
        metadata.ContainsKey(Key) ? Read(path, metadata).Settings : new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> ToMetadata() =>
        new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(this, Json) };

    /// <summary>Refuses a state that this document does not fit, naming the first difference.</summary>
    public void RequireFit(string path, TrainingState state)
    {
        var mine = Of(state);
        if (Optimizers is not null && mine.Optimizers is not null)
        {
            RequireSame(path, "optimizer", Optimizers, mine.Optimizers);
        }

        RequireEqual(path, "optimizer", Optimizer, mine.Optimizer);
        RequireSame(path, "layer", Layers, mine.Layers);
        RequireEqual(path, "bit-widths", Names(Widths), Names(mine.Widths));
        var settings = state.Settings();
        RequireSame(
            path, "setting", Settings,
            settings.Where(s => Settings.ContainsKey(s.Key) || !s.Value.IsDefault)
                .ToDictionary(s => s.Key, s => s.Value.Beside(Settings.GetValueOrDefault(s.Key))));
    }

    private static string Names(OptimizerSnapshot? widths) =>
        widths is null ? "not learned" : string.Join(", ", widths.Widths.Select(w => w.Name));

    private static SortedDictionary<string, string> Describe(QuantizedModel? model)
    {
        var layers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in model?.Layers ?? [])
        {
            layers[layer.Name] =
                $"{Describe(layer.WeightQuantizer, layer.WeightQuantizer.Width)}, "
                + $"{Describe(layer.ActivationQuantizer, layer.ActivationQuantizer.Width)}";
        }

        foreach (var join in model?.Joins ?? [])
        {
            layers[$"{join.Name} (operands)"] = Describe(join.Quantizer, join.Bits);
        }

        return layers;
    }

    private static string Describe(object quantizer, BitWidth width) =>
        quantizer.GetType().Name + (width.IsLearned
            ? $" {(width.IsInferred ? "inferred" : "learned")} {width.Minimum} to {width.Maximum} bits"
            : $" fixed {width.Bits} bits");

    private static void RequireSame(
        string path, string what, IReadOnlyDictionary<string, string> theirs, IReadOnlyDictionary<string, string> mine)
    {
        foreach (var name in theirs.Keys.Union(mine.Keys).Order(StringComparer.Ordinal))
        {
            RequireEqual(path, $"{what} '{name}'", theirs.GetValueOrDefault(name, "absent"), mine.GetValueOrDefault(name, "absent"));
        }
    }

    private static void RequireEqual(string path, string what, string theirs, string mine)
    {
        if (theirs != mine)
        {
            throw new CheckpointException($"The checkpoint '{path}' is of another run: {what} is {theirs} there and {mine} here.");
        }
    }
}
