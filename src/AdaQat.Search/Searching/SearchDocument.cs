using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaQat.Search.Searching;

/// <summary>What a search's checkpoint has besides tensors and position.</summary>
/// <param name="Version">The version of this document; a newer one is refused.</param>
/// <param name="Settings">Choices that must be the same for the resumed search to be the uninterrupted one.</param>
/// <param name="Groups">The names of the groups.</param>
/// <param name="Candidates">Their numbers of channels.</param>
/// <param name="ChannelLossSum">The losses of α's batches in the epoch under way, summed as those of the weights are.</param>
/// <param name="History">The epochs done.</param>
/// <param name="Grown">The layers that have grown in the epoch under way.</param>
internal sealed record SearchDocument(
    int Version, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Groups, IReadOnlyList<IReadOnlyList<int>> Candidates,
    double ChannelLossSum, IReadOnlyList<SearchEpoch> History, IReadOnlyList<string> Grown)
{
    public const int CurrentVersion = 1;

    private const string Key = "adaqat.channel-search";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
    };

    public IReadOnlyDictionary<string, string> ToNotes() =>
        new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(this, Json) };

    /// <exception cref="CheckpointException">The checkpoint is of no search, or of a newer version.</exception>
    public static SearchDocument Read(string path, IReadOnlyDictionary<string, string> notes)
    {
        if (!notes.TryGetValue(Key, out var text))
        {
            throw new CheckpointException($"The checkpoint '{path}' is of no search of channels.");
        }

        try
        {
            var document = JsonSerializer.Deserialize<SearchDocument>(text, Json)!;
            return document.Version <= CurrentVersion ? document : throw new CheckpointException(
                $"The search in '{path}' is of version {document.Version}; this version of AdaQat reads up to {CurrentVersion}.");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException($"The search in '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Refuses a search that this document does not fit, naming the first difference.</summary>
    /// <exception cref="CheckpointException">It is of another search.</exception>
    public void RequireFit(string path, IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> groups)
    {
        foreach (var name in Settings.Keys.Union(settings.Keys).Order(StringComparer.Ordinal))
        {
            var (theirs, mine) = (Settings.GetValueOrDefault(name, "absent"), settings.GetValueOrDefault(name, "absent"));
            if (theirs != mine)
            {
                throw new CheckpointException($"The checkpoint '{path}' is of another search: {name} is {theirs} there and {mine} here.");
            }
        }

        if (!Groups.SequenceEqual(groups))
        {
            throw new CheckpointException(
                $"The checkpoint '{path}' is of another network: the layers that vary are {string.Join(", ", Groups)} there and "
                + $"{string.Join(", ", groups)} here.");
        }
    }
}
