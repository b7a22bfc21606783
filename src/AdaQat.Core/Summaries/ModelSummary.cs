using System.Globalization;
using System.Text;
using AdaQat.Summaries;
using static AdaQat.Summaries.Amount;

namespace AdaQat;

/// <summary>What a quantized model is made of and costs, for one sample. <see cref="ToString"/> is a table.</summary>
public sealed class ModelSummary
{
    /// <summary>The width of a value that is not quantized, in bits.</summary>
    public const int FloatBits = BitWidth.FloatBits;

    internal ModelSummary(
        IReadOnlyList<LayerSummary> layers, IReadOnlyList<JoinSummary> joins, ActivationSummary activations,
        IReadOnlyList<QuantizationWarning> warnings,
        IReadOnlyList<CostSummary> costs)
    {
        (Layers, Joins, Activations, Warnings, Costs) = (layers, joins, activations, warnings, costs);
        Macs = layers.Sum(l => l.Macs);
        BitOps = layers.Sum(l => l.BitOps);
        WeightBytes = layers.Sum(l => l.WeightBytes);
        FloatWeightBytes = layers.Sum(l => l.WeightBytes / l.WeightBits * FloatBits);
    }

    /// <summary>The layers in the order in which the model calls them; those left in float come last.</summary>
    internal IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The residual sums whose operands are quantized.</summary>
    internal IReadOnlyList<JoinSummary> Joins { get; }

    /// <summary>What activations take at most.</summary>
    internal ActivationSummary Activations { get; }

    /// <summary>What was noticed so far: <see cref="QuantizedModel.Warnings"/>.</summary>
    public IReadOnlyList<QuantizationWarning> Warnings { get; }

    /// <summary>The further costs that were asked for, in that order.</summary>
    public IReadOnlyList<CostSummary> Costs { get; }

    /// <summary>Multiply-accumulate operations.</summary>
    public long Macs { get; }

    /// <summary>Σ MACs · weight bits · activation bits.</summary>
    public double BitOps { get; }

    /// <summary>The size of the weights at their widths, in bytes; biases and normalisation not counted.</summary>
    public double WeightBytes { get; }

    /// <summary>The size of the same weights as float32, in bytes.</summary>
    public double FloatWeightBytes { get; }

    /// <summary>How many times smaller the weights are than as float32.</summary>
    public double WeightCompression => FloatWeightBytes / WeightBytes;

    /// <summary>
    /// The most bytes that activations take at once: layers' inputs and quantized operands of residual sums at their widths, everything
    /// else as float32; normalisation and activation functions are computed as their input is made. Null where the model's graph could
    /// not be captured.
    /// </summary>
    public double? PeakActivationBytes => Activations.Bytes;

    /// <summary>The same with all of them as float32, in bytes.</summary>
    public double? FloatPeakActivationBytes => Activations.FloatBytes;

    /// <summary>
    /// The table: a row a layer, then the totals, then a line for each residual sum whose operands are quantized, and one a warning. There
    /// is a column for inputs where quantizers say how they are quantized, and one for each further cost.
    /// </summary>
    public override string ToString()
    {
        string[] inputs = Layers.Any(l => l.Inputs is not null) ? ["inputs"] : [];
        string[] header =
            ["layer", "kind", "weight shape", "W", "A", "widths (W/A)", "weights", .. inputs, "rule", "MACs", "BitOPs", "size",
                .. Costs.Select(c => c.Unit.Length > 0 ? $"{c.Name} [{c.Unit}]" : c.Name)];
        var rows = Layers.Select(l => Cells(l, hasInputs: inputs.Length > 0)).ToList();
        var numbers = 3 + Costs.Count;
        string[] total =
        [
            "total", .. Enumerable.Repeat("", header.Length - 1 - numbers), Si(Macs), Si(BitOps), Bytes(WeightBytes),
            .. Costs.Select(c => Number(c.Total)),
        ];
        var widths = header.Select((_, column) => rows.Append(header).Append(total).Max(row => row[column].Length)).ToArray();

        var text = new StringBuilder();
        AppendRow(text, header, widths, numbers);
        text.AppendLine(new string('-', widths.Sum() + (2 * (widths.Length - 1))));
        rows.ForEach(row => AppendRow(text, row, widths, numbers));
        text.AppendLine(new string('-', widths.Sum() + (2 * (widths.Length - 1))));
        AppendRow(text, total, widths, numbers);
        text.Append(CultureInfo.InvariantCulture, $"weights {WeightCompression:0.00}x smaller than float32 ({Bytes(FloatWeightBytes)})");
        text.AppendLine().Append(Activations.Bytes is { } bytes
            ? $"activations {Bytes(bytes)} at most at once, in '{Activations.Step}' ({Bytes(Activations.FloatBytes!.Value)} as float32)"
            : $"activations: how much at most at once is not known: {Activations.Fault}");
        foreach (var join in Joins)
        {
            text.AppendLine().Append(join);
        }

        foreach (var warning in Warnings)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"warning: {warning.Message}");
        }

        return text.ToString();
    }

    private string[] Cells(LayerSummary l, bool hasInputs) =>
    [
        l.Name, l.Kind, l.Shape, l.WeightBits.ToString(CultureInfo.InvariantCulture),
            l.ActivationBits.ToString(CultureInfo.InvariantCulture),
        l.Widths, l.Weights ?? "", .. hasInputs ? [l.Inputs ?? ""] : Array.Empty<string>(), l.Rule ?? "",
        Si(l.Macs), Si(l.BitOps), Bytes(l.WeightBytes),
        .. Costs.Select(c => c.Layers.TryGetValue(l.Name, out var part) ? Number(part) : ""),
    ];

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths, int numbers)
    {
        var firstNumber = cells.Length - numbers;
        var padded = cells.Select((cell, column) =>
            column >= firstNumber || column is 3 or 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
        text.AppendLine(string.Join("  ", padded).TrimEnd());
    }
}
