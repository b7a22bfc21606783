using System.Globalization;
using System.Text;
using AdaQat.Checkpoints;

namespace AdaQat.Training;

/// <summary><c>front.csv</c>: a front as text, a row for each point, with numbers that read back to the bit.</summary>
internal static class ParetoFile
{
    public const string Name = "front.csv";

    private const string Header = "epoch,step,accuracy,cost,weightBits,activationBits,file";

    public static void Write(string path, IEnumerable<ParetoPoint> points)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var p in points)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{p.Epoch},{p.Step},{p.Accuracy:R},{p.Cost:R},{p.WeightBits:R},{p.ActivationBits:R},{p.File}\n");
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <exception cref="InvalidDataException">It is not such a file; the message says what is wrong with it.</exception>
    public static IReadOnlyList<ParetoPoint> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != Header)
        {
            throw new InvalidDataException($"'{path}' is not the front of a run: its first line is not '{Header}'.");
        }

        return lines.Skip(1).Select((line, index) => Parse(line)
            ?? throw new InvalidDataException($"'{path}' cannot be read: line {index + 2} is '{line}'.")).ToList();
    }

    private static ParetoPoint? Parse(string line)
    {
        var cells = line.Split(',');
        var numbers = CultureInfo.InvariantCulture;
        return cells.Length == 7
            && int.TryParse(cells[0], NumberStyles.None, numbers, out var epoch)
            && int.TryParse(cells[1], NumberStyles.None, numbers, out var step)
            && TryNumber(cells[2], out var accuracy)
            && TryNumber(cells[3], out var cost)
            && TryNumber(cells[4], out var weightBits)
            && TryNumber(cells[5], out var activationBits)
            && ParetoFolder.IsCheckpoint(cells[6])
            ? new ParetoPoint(epoch, step, accuracy, cost, weightBits, activationBits, cells[6])
            : null;
    }

    private static bool TryNumber(string cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
