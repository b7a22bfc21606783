using System.Text;

namespace AdaQat.Diagnostics;

/// <summary>A table in plain text: columns as wide as they need to be, a line under the header.</summary>
/// <param name="columns">The header, and whether the column holds numbers, which stand at its right.</param>
internal sealed class TextTable(params (string Header, bool IsNumber)[] columns)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row of as many cells as there are columns.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <inheritdoc/>
    public override string ToString()
    {
        var header = columns.Select(c => c.Header).ToArray();
        var widths = header.Select((_, column) => _rows.Append(header).Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder(Line(header, widths));
        text.AppendLine().Append(new string('-', widths.Sum() + (Gap.Length * (widths.Length - 1))));
        _rows.ForEach(row => text.AppendLine().Append(Line(row, widths)));
        return text.ToString();
    }

    private string Line(string[] cells, int[] widths) => string.Join(Gap, cells.Select((cell, column) =>
        columns[column].IsNumber ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
}
