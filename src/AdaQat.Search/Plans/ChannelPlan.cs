namespace AdaQat.Search;

/// <summary>How many channels each layer of a network has: what a builder is given, and what a search returns.</summary>
/// <remarks>
/// A builder asks by name, and says what it takes without a plan:
/// <code>
/// MyNet(ChannelPlan channels)
/// {
///     var (stem, body) = (channels["stem", 16], channels["body", 32]);
///     conv1 = nn.Conv2d(3, stem, 3, padding: 1);
///     conv2 = nn.Conv2d(stem, body, 3, padding: 1);
/// </code>
/// A name may be asked for several times, with one default. Layers whose outputs are added may have one name, or names of their own: a
/// search finds that they must agree. A plan never changes.
/// </remarks>
public class ChannelPlan
{
    private readonly Dictionary<string, PlannedChannels> _layers = new(StringComparer.Ordinal);

    /// <summary>Makes a plan.</summary>
    /// <param name="layers">The layers, each once; none for a plan that leaves every layer at its default.</param>
    /// <exception cref="ArgumentException">A name is empty or there twice, or a number is below 1.</exception>
    public ChannelPlan(IEnumerable<PlannedChannels> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Layers = [.. layers];
        foreach (var layer in Layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            layer.Validate();
            if (!_layers.TryAdd(layer.Layer, layer))
            {
                throw new ArgumentException($"The plan has the layer '{layer.Layer}' twice.", nameof(layers));
            }
        }
    }

    /// <summary>Every layer at its default.</summary>
    public static ChannelPlan Default { get; } = new([]);

    /// <summary>The planned layers, in the order in which the builder asks for them.</summary>
    public IReadOnlyList<PlannedChannels> Layers { get; }

    /// <summary>How many channels a layer gets; for builders.</summary>
    /// <param name="layer">A name; best the layer's own in the model, which warnings and history then show.</param>
    /// <param name="channels">What it has where the plan says nothing: at least 1.</param>
    /// <exception cref="ArgumentException">The name is empty, or the number is below 1.</exception>
    public int this[string layer, int channels]
    {
        get
        {
            new PlannedChannels(layer, channels, channels).Validate();
            return Answer(layer, channels);
        }
    }

    /// <summary>Reads a plan that <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <exception cref="FormatException">It is damaged, something else, or of a later version; the message says what is wrong.</exception>
    public static ChannelPlan FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PlanDocument.Read(json);
    }

    /// <summary>Reads the plan in a file.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="FormatException">It is damaged, something else, or of a later version; the message says what is wrong.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    public static ChannelPlan Load(string path)
    {
        try
        {
            return PlanDocument.Read(File.ReadAllText(path));
        }
        catch (FormatException fault)
        {
            throw new FormatException($"'{path}': {fault.Message}", fault);
        }
    }

    /// <summary>The plan as JSON, a line for each layer: its channels, its default, and where the number comes from.</summary>
    public string ToJson() => PlanDocument.Write(this);

    /// <summary>Writes <see cref="ToJson"/> to a file, in place of one that may be there.</summary>
    /// <param name="path">The file. Its folder must exist.</param>
    /// <exception cref="IOException">It could not be written; one that was there before is as it was.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var aside = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            File.WriteAllText(aside, ToJson());
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Layers.Count == 0
        ? "every layer at its default"
        : string.Join(", ", Layers.Select(l => FormattableString.Invariant($"{l.Layer} {l.Channels}")));

    /// <summary>The planned number, or else the builder's own.</summary>
    private protected virtual int Answer(string layer, int channels) =>
        _layers.TryGetValue(layer, out var planned) ? planned.Channels : channels;
}
