using System.Globalization;

namespace AdaQat.Costs;

/// <summary>A line of a table that a user wrote: what is wrong in it is told by line and column.</summary>
internal sealed class CsvRow(string path, int line, IReadOnlyList<string> columns, IReadOnlyList<string> cells)
{
    /// <summary>The line's number in the file, from 1.</summary>
    public int Line => line;

    /// <summary>What is in a column.</summary>
    public string Text(string column) => cells[columns.TakeWhile(c => c != column).Count()];

    /// <summary>A shape, sizes joined by x.</summary>
    public string Shape(string column) => LayerShape.IsShape(Text(column))
        ? Text(column)
        : throw Fault(column, "is no shape; allowed are sizes from 1 on joined by x, such as 16x3x3x3");

    /// <summary>A whole number of a range.</summary>
    public int Whole(string column, int least, int most) =>
        int.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Fault(column, $"is no width; allowed are whole numbers from {least} to {most}");

    /// <summary>A number above 0, or 0 and more.</summary>
    public double Number(string column, bool allowsZero = false) =>
        double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
        && (value > 0 || (allowsZero && value == 0))
            ? value
            : throw Fault(column, allowsZero ? "is no number of 0 and more" : "is no number above 0");

    /// <summary>What is wrong with a cell.</summary>
    public InvalidDataException Fault(string column, string what) =>
        new($"'{path}', line {line}, column '{column}': '{Text(column)}' {what}.");

    /// <summary>The rows of a file; blank lines, and lines that begin with #, are left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns it must have, in their order; further ones are refused.</param>
    /// <exception cref="InvalidDataException">The first line is not that of the columns, or a line has not as many cells.</exception>
    public static IReadOnlyList<CsvRow> Read(string path, IReadOnlyList<string> columns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var lines = File.ReadAllLines(path).Select((text, index) => (Text: text.Trim(), Line: index + 1))
            .Where(line => line.Text.Length > 0 && line.Text[0] != '#').ToList();
        var header = string.Join(',', columns);
        if (lines.Count == 0 || !Cells(lines[0].Text).SequenceEqual(columns))
        {
            throw new InvalidDataException(
                $"'{path}', line {(lines.Count == 0 ? 1 : lines[0].Line)}: the first line must name the columns: {header}.");
        }

        return lines.Count == 1
            ? throw new InvalidDataException($"'{path}' has no rows below its header.")
            : [.. lines.Skip(1).Select(line => Row(path, line.Line, columns, Cells(line.Text)))];
    }

    private static string[] Cells(string line) => line.Split(',', StringSplitOptions.TrimEntries);

    private static CsvRow Row(string path, int line, IReadOnlyList<string> columns, string[] cells) => cells.Length == columns.Count
        ? new CsvRow(path, line, columns, cells)
        : throw new InvalidDataException(
            $"'{path}', line {line}: there are {cells.Length} cells, and {columns.Count} columns: {string.Join(',', columns)}.");
}
