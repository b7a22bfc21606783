using System.Globalization;
using System.Text;
using AdaQat.Costs;

namespace AdaQat;

/// <summary>
/// Times of layers as they were measured on a device: a CSV file of shapes and widths. <see cref="WriteTemplate"/> makes one to fill in.
/// </summary>
/// <remarks>
/// The columns are <c>kind,weight,input,output,weightBits,activationBits,microseconds</c>, with shapes as <see cref="LayerShape"/> has
/// them; 32 bits are float32. A shape has a row for each of some weight widths with each of some activation widths. Blank lines and lines
/// that begin with # are left out.
/// </remarks>
public sealed class LatencyTable
{
    private const string WeightBits = "weightBits";
    private const string ActivationBits = "activationBits";
    private const string Microseconds = "microseconds";
    private static readonly string[] Columns = ["kind", "weight", "input", "output", WeightBits, ActivationBits, Microseconds];

    private readonly Dictionary<LayerShape, LatencyGrid> _grids;

    private LatencyTable(string source, Dictionary<LayerShape, LatencyGrid> grids) => (Source, _grids) = (source, grids);

    /// <summary>The name of the file.</summary>
    public string Source { get; }

    /// <summary>The shapes that were measured.</summary>
    public IReadOnlyCollection<LayerShape> Shapes => _grids.Keys;

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such table; the message names the line and the column.</exception>
    public static LatencyTable Read(string path)
    {
        var shapes = CsvRow.Read(path, Columns).Select(row => (Row: row, Shape: ShapeOf(row))).GroupBy(row => row.Shape);
        return new LatencyTable(
            Path.GetFileName(path), shapes.ToDictionary(group => group.Key, group => Grid(path, group.Key, [.. group.Select(g => g.Row)])));
    }

    /// <summary>
    /// Writes a table without times: a row for each different shape among the layers at each pair of widths, to be measured and filled in.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="layers">The layers, such as <see cref="QuantizedModel.Profiles"/>.</param>
    /// <param name="weightBits">The widths of weights that the device has.</param>
    /// <param name="activationBits">The widths of activations.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteTemplate(
        string path, IReadOnlyList<LayerProfile> layers, IReadOnlyList<int> weightBits, IReadOnlyList<int> activationBits)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(weightBits);
        ArgumentNullException.ThrowIfNull(activationBits);
        var text = new StringBuilder(string.Join(',', Columns)).Append('\n');
        foreach (var shape in layers.Select(l => l.Shape).OfType<LayerShape>().Distinct())
        {
            foreach (var (w, a) in weightBits.SelectMany(w => activationBits.Select(a => (w, a))))
            {
                text.Append(CultureInfo.InvariantCulture, $"{shape.Kind},{shape.Weight},{shape.Input},{shape.Output},{w},{a},\n");
            }
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>The time of a layer.</summary>
    /// <param name="layer">The layer and its bits.</param>
    /// <exception cref="ArgumentException">The profile has no shape.</exception>
    public LatencyEstimate Estimate(LayerBits layer)
    {
        var shape = layer.Layer.Shape ?? throw new ArgumentException(
            $"The profile of layer '{layer.Layer.Name}' has no shape to look up; profiles of a quantized model have one.", nameof(layer));
        var isKnown = _grids.TryGetValue(shape, out var grid);
        grid ??= Nearest(shape);
        var (time, origin) = grid.At(layer.WeightBits, layer.ActivationBits);
        // The profile counts the multiplications of all calls, a shape those of one.
        return new LatencyEstimate(
            layer.Layer.Name, time * layer.Layer.Macs / grid.Shape.Macs, isKnown ? origin : LatencyOrigin.OtherShape, grid.Shape);
    }

    private LatencyGrid Nearest(LayerShape shape)
    {
        var ofKind = _grids.Values.Where(g => g.Shape.Kind == shape.Kind).ToList();
        return (ofKind.Count > 0 ? ofKind : [.. _grids.Values]).MinBy(g => Math.Abs(Math.Log(g.Shape.Macs / shape.Macs)))!;
    }

    private static LayerShape ShapeOf(CsvRow row)
    {
        var kind = row.Text("kind");
        return kind.Length > 0
            ? new LayerShape(kind, row.Shape("weight"), row.Shape("input"), row.Shape("output"))
            : throw row.Fault("kind", "is no kind; allowed is a layer's type, such as Conv2d");
    }

    private static LatencyGrid Grid(string path, LayerShape shape, IReadOnlyList<CsvRow> rows)
    {
        var times = new Dictionary<(int, int), double>();
        foreach (var row in rows)
        {
            if (!times.TryAdd((Width(row, WeightBits), Width(row, ActivationBits)), row.Number(Microseconds)))
            {
                throw row.Fault(ActivationBits, $"has a time of {shape} at {row.Text(WeightBits)} weight bits already");
            }
        }

        var weights = times.Keys.Select(k => k.Item1).Distinct().Order().ToArray();
        var activations = times.Keys.Select(k => k.Item2).Distinct().Order().ToArray();
        foreach (var (w, a) in weights.SelectMany(w => activations.Select(a => (w, a))))
        {
            if (!times.ContainsKey((w, a)))
            {
                throw new InvalidDataException(
                    $"'{path}', lines {rows[0].Line} to {rows[^1].Line}: {shape} has no time at {w} weight and {a} activation bits; each "
                    + "of its weight widths is needed with each of its activation widths.");
            }
        }

        return new LatencyGrid(shape, weights, activations, (w, a) => times[(w, a)]);
    }

    private static int Width(CsvRow row, string column) => row.Whole(column, 1, BitWidth.FloatBits);
}
