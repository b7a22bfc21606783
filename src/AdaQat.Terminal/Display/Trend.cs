namespace AdaQat.Training;

/// <summary>The course of a number over a whole run in a fixed space: when it is full, each pair of neighbours becomes its mean.</summary>
internal sealed class Trend(int capacity)
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    private readonly List<double> _values = [];
    private int _perValue = 1;
    private int _pending;
    private double _sum;

    public void Add(double value)
    {
        _sum += value;
        if (++_pending < _perValue)
        {
            return;
        }

        _values.Add(_sum / _pending);
        _sum = 0;
        _pending = 0;
        if (_values.Count == capacity)
        {
            Halve();
        }
    }

    /// <summary>One character a value, its height between the least and the greatest.</summary>
    public override string ToString()
    {
        if (_values.Count == 0)
        {
            return "";
        }

        var (least, greatest) = (_values.Min(), _values.Max());
        var scale = greatest > least ? (Levels.Length - 1) / (greatest - least) : 0;
        return string.Concat(_values.Select(value => Levels[(int)Math.Round((value - least) * scale)]));
    }

    private void Halve()
    {
        for (var index = 0; index < _values.Count / 2; index++)
        {
            _values[index] = (_values[2 * index] + _values[(2 * index) + 1]) / 2;
        }

        _values.RemoveRange(_values.Count / 2, _values.Count - (_values.Count / 2));
        _perValue *= 2;
    }
}
