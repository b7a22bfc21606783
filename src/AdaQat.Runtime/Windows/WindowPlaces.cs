using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Where a window's taps lie, place by place; an axis is put before the one of 1-D values.</summary>
internal readonly struct WindowPlaces
{
    private readonly long _height;
    private readonly long _width;
    private readonly long _columns;
    private readonly SlidingWindow _window;

    public WindowPlaces(SlidingWindow window, Shape input, Shape output)
    {
        _window = window;
        (_height, _width) = window.Rank == 1 ? (1, input[0]) : (input[0], input[1]);
        _columns = window.Rank == 1 ? output[0] : output[1];
        Count = (int)(window.Rank == 1 ? output[0] : output[0] * output[1]);
        Taps = (int)window.Taps;
    }

    /// <summary>How many places.</summary>
    public int Count { get; }

    /// <summary>How many taps each has.</summary>
    public int Taps { get; }

    /// <summary>The shape of what a window of channels makes of an input.</summary>
    public static Shape ShapeOf(string name, SlidingWindow window, Shape input, long channels)
    {
        var sizes = new long[window.Rank + 1];
        for (var axis = 0; axis < window.Rank; axis++)
        {
            sizes[axis] = window.Places(axis, input[axis]);
        }

        sizes[^1] = channels;
        Int128 elements = 1;
        foreach (var size in sizes)
        {
            elements *= size;
        }

        return elements >= 1 && elements <= Array.MaxLength ? new(sizes) : throw new IntegerModelException(
            name, $"its input is {input} and its window {window.Size}; its value would have the sizes [{string.Join(',', sizes)}].");
    }

    /// <summary>The number of the element under a tap, rows first, or −1 where there is none.</summary>
    public long Element(int place, int tap)
    {
        var last = _window.Rank - 1;
        var (row, column) = Math.DivRem(place, _columns);
        var (tapRow, tapColumn) = Math.DivRem(tap, _window.Size[last]);
        var x = Position(last, column, tapColumn);
        var y = last == 0 ? 0 : Position(0, row, tapRow);
        return y >= 0 && y < _height && x >= 0 && x < _width ? (y * _width) + x : -1;
    }

    private long Position(int axis, long place, long tap) =>
        (place * _window.Stride[axis]) - _window.Before[axis] + (tap * _window.Dilation[axis]);
}
