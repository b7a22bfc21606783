using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdaQat.Diagnostics;
using AdaQat.Summaries;

namespace AdaQat;

/// <summary>A float network and the quantized one side by side. <see cref="ToString"/> is a table.</summary>
/// <remarks>
/// The quantized network's time is that of the simulation: fake quantization comes on top of the float operators. It tells what training
/// and evaluation take, not what an integer runtime does; time that with <see cref="InferenceTimer"/>.
/// </remarks>
public sealed class EvaluationReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    internal EvaluationReport(NetworkFigures inFloat, NetworkFigures quantized) => (InFloat, Quantized) = (inFloat, quantized);

    /// <summary>The network in float.</summary>
    public NetworkFigures InFloat { get; }

    /// <summary>The network at the bits in force.</summary>
    public NetworkFigures Quantized { get; }

    /// <summary>How many times smaller the quantized weights are.</summary>
    public double Compression => InFloat.WeightBytes / Quantized.WeightBytes;

    /// <summary>Accuracy of the quantized network less that of the float one, −1 to 1; null where nothing is counted.</summary>
    public double? AccuracyChange => Quantized.Quality.Accuracy - InFloat.Quality.Accuracy;

    /// <summary>The same as JSON: camelCase names, times as "hh:mm:ss.fffffff".</summary>
    public string ToJson() => JsonSerializer.Serialize(new { InFloat, Quantized, Compression, AccuracyChange }, Json);

    /// <summary>A row a figure: its name, in float, quantized, and the change, as a reader sees them.</summary>
    public IReadOnlyList<EvaluationRow> Rows =>
    [
        .. AccuracyRow(),
        new("loss", Number(InFloat.Quality.Loss), Number(Quantized.Quality.Loss), Signed(Quantized.Quality.Loss - InFloat.Quality.Loss)),
        Row("weights", f => f.WeightBytes, Amount.Bytes),
        Row("MACs", f => f.Macs, Amount.Si),
        Row("BitOPs", f => f.BitOps, Amount.Si),
        .. PeakRow(),
        .. InFloat.Costs.Select((cost, index) => Row(
            cost.Unit.Length > 0 ? $"{cost.Name} [{cost.Unit}]" : cost.Name, f => f.Costs[index].Total, Amount.Number)),
        .. TimingRows(),
    ];

    /// <summary>The rows as a table.</summary>
    public override string ToString()
    {
        var table = new TextTable(("", false), (InFloat.Name, true), (Quantized.Name, true), ("change", true));
        foreach (var row in Rows)
        {
            table.Add(row.Name, row.InFloat, row.Quantized, row.Change);
        }

        return table.ToString();
    }

    private IEnumerable<EvaluationRow> AccuracyRow()
    {
        if (AccuracyChange is { } change)
        {
            yield return new(
                "accuracy", Percent(InFloat.Quality.Accuracy!.Value), Percent(Quantized.Quality.Accuracy!.Value),
                (100 * change).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture) + " points");
        }
    }

    private IEnumerable<EvaluationRow> PeakRow()
    {
        if (InFloat.PeakActivationBytes is not null)
        {
            yield return Row("activations at most", f => f.PeakActivationBytes!.Value, Amount.Bytes);
        }
    }

    private IEnumerable<EvaluationRow> TimingRows()
    {
        if (InFloat.Timing is not { } inFloat || Quantized.Timing is not { } simulated)
        {
            yield break;
        }

        yield return Times("inference, median", t => t.First.Median);
        yield return Times("inference, 99th percentile", t => t.First.Percentile99);
        if (inFloat.First.MeetsDeadline is not null)
        {
            yield return new("deadline", Verdict(inFloat.First), Verdict(simulated.First), "");
        }

        if (inFloat.Slowdown is { } slowdown)
        {
            yield return new("slowdown in the long run", Factor(slowdown), Factor(simulated.Slowdown!.Value), "");
        }

        EvaluationRow Times(string name, Func<InferenceTiming, TimeSpan> time) =>
            new(name, Amount.Time(time(inFloat)), Amount.Time(time(simulated)), "simulated");
    }

    private EvaluationRow Row(string name, Func<NetworkFigures, double> value, Func<double, string> text) => new(
        name, text(value(InFloat)).TrimEnd(), text(value(Quantized)).TrimEnd(), Ratio(value(InFloat), value(Quantized)))
    {
        Share = value(InFloat) > 0 ? value(Quantized) / value(InFloat) : null,
    };

    private static string Verdict(TimedInferences times) =>
        times.MeetsDeadline == true ? "met" : string.Create(CultureInfo.InvariantCulture, $"{times.Late} of {times.Count} late");

    private static string Ratio(double before, double after) => before == after ? "" : after == 0 ? "" : Factor(before / after) + " less";

    private static string Factor(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + "x";

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;−0.0000;0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}
