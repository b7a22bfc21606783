using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdaQat.Checkpoints;
using AdaQat.Diagnostics;
using AdaQat.Summaries;

namespace AdaQat;

/// <summary>
/// Bits for every learned width of a model under a budget, from what its layers lose. <see cref="ToString"/> is a table, a row a layer.
/// </summary>
public sealed record PrecisionPlan
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The version of the file's layout.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the budget is of: <see cref="IHardwareCost.Name"/>.</summary>
    public required string CostName { get; init; }

    /// <summary>Its unit: <see cref="IHardwareCost.Unit"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>The most that the cost may be.</summary>
    public required double Budget { get; init; }

    /// <summary>What the bits cost.</summary>
    public required double Cost { get; init; }

    /// <summary>By what of the report they were chosen.</summary>
    public required SensitivityMeasure Measure { get; init; }

    /// <summary>What all bits together are expected to lose: the sum over the widths.</summary>
    public required double Loss { get; init; }

    /// <summary>No choice within the budget is expected to lose less than this.</summary>
    public required double LossBound { get; init; }

    /// <summary>Whether it is proven that nothing better exists, by the measure.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Whether the cost is within the budget. If not, the bits are the smallest allowed.</summary>
    public required bool IsMet { get; init; }

    /// <summary>Why the cost is off the budget by more than 1 %; null where it is not.</summary>
    public required string? Reason { get; init; }

    /// <summary>The bits, weights first, in the order of the layers.</summary>
    public required IReadOnlyList<PlannedWidth> Widths { get; init; }

    /// <summary>Reads a plan.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="IOException">The file cannot be read, or is no plan.</exception>
    public static PrecisionPlan Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            var plan = JsonSerializer.Deserialize<PrecisionPlan>(File.ReadAllBytes(path), Json);
            return plan is { Version: 1 } ? plan : throw new IOException($"'{path}' is no plan of version 1.");
        }
        catch (JsonException fault)
        {
            throw new IOException($"'{path}' is no plan of bits: {fault.Message}", fault);
        }
    }

    /// <summary>Writes the plan as JSON; a file that is there is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Gives the model's widths these bits, for good: they are frozen.</summary>
    /// <param name="quantized">The model, attached as the one that was planned for.</param>
    /// <exception cref="InvalidOperationException">
    /// The plan does not meet its budget; or the model has other learned widths, or one that is frozen or doesn't allow its bits. Nothing
    /// has changed.
    /// </exception>
    public void Apply(QuantizedModel quantized)
    {
        foreach (var (width, bits) in Matched(quantized))
        {
            width.Restore(bits, isFrozen: true, reason: null, frozenAtStep: null);
        }
    }

    /// <summary>Has AdaQAT start from these bits: the widths are at them, and go on being learned.</summary>
    /// <param name="quantized">The model, attached as the one that was planned for.</param>
    /// <exception cref="InvalidOperationException">
    /// The plan does not meet its budget; or the model has other learned widths, or one that is frozen or doesn't allow its bits. Nothing
    /// has changed.
    /// </exception>
    public void Start(QuantizedModel quantized)
    {
        foreach (var (width, bits) in Matched(quantized))
        {
            width.Restore(bits, isFrozen: false, reason: null, frozenAtStep: null);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var unit = Unit.Length > 0 ? $" {Unit}" : "";
        var table = new TextTable(
            ("layers", false), ("weights", true), ("expected loss", true), ("inputs", true), ("expected loss", true));
        foreach (var layers in Widths.GroupBy(width => string.Join(", ", width.Layers)))
        {
            var (weights, inputs) = (Of(layers, QuantizerTarget.Weight), Of(layers, QuantizerTarget.Activation));
            table.Add(layers.Key, weights.Bits, weights.Loss, inputs.Bits, inputs.Loss);
        }

        var proof = IsExact ? "proven the least" : string.Create(CultureInfo.InvariantCulture, $"at least {LossBound:0.000000}");
        var total = string.Create(
            CultureInfo.InvariantCulture,
            $"{CostName}: {Amount.Number(Cost)} of {Amount.Number(Budget)}{unit}; expected loss {Loss:0.000000}, {proof}");
        return string.Join(Environment.NewLine, new[] { table.ToString(), total, Reason }.Where(part => part is not null));
    }

    private static (string Bits, string Loss) Of(IEnumerable<PlannedWidth> widths, QuantizerTarget target) =>
        widths.FirstOrDefault(width => width.Target == target) is { } width
            ? (width.Bits.ToString(CultureInfo.InvariantCulture), width.Loss.ToString("0.000000", CultureInfo.InvariantCulture))
            : ("", "");

    private List<(BitWidth Width, int Bits)> Matched(QuantizedModel quantized)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        if (!IsMet)
        {
            throw new InvalidOperationException($"The plan does not meet its budget: {Reason}");
        }

        var matched = new List<(BitWidth, int)>();
        foreach (var planned in Widths)
        {
            var width = quantized.Widths.FirstOrDefault(w => w.Name == planned.Name) ?? throw new InvalidOperationException(
                $"The plan has bits for '{planned.Name}', which is no learned width of the model: attach it as it was planned for.");
            if (width.IsFrozen || !width.Allowed.Contains(planned.Bits))
            {
                throw new InvalidOperationException(
                    $"The plan gives '{width.Name}' {planned.Bits} bits, "
                    + (width.IsFrozen ? "and it is frozen." : $"which it doesn't allow; allowed are {string.Join(", ", width.Allowed)}."));
            }

            matched.Add((width, planned.Bits));
        }

        return quantized.Widths.FirstOrDefault(w => !w.IsFrozen && Widths.All(p => p.Name != w.Name)) is { } left
            ? throw new InvalidOperationException($"The plan has no bits for the learned width '{left.Name}'.")
            : matched;
    }
}
