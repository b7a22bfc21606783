using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>A window that moves over one or two axes. All lists have a number for each axis, outer axis first.</summary>
/// <remarks>
/// Along an axis of n elements there are ⌊(n + before + after − dilation · (size − 1) − 1) / stride⌋ + 1 places; at place p, tap t is the
/// element p · stride − before + t · dilation. A tap that doesn't exist contributes nothing, exactly.
/// </remarks>
public sealed record SlidingWindow
{
    /// <summary>A window.</summary>
    /// <param name="size">How many taps, 1 and more.</param>
    /// <param name="stride">How far apart neighbouring places are, 1 and more.</param>
    /// <param name="before">How many elements are missing before the first, 0 and more.</param>
    /// <param name="after">How many elements are missing behind the last, 0 and more; null: as many as before.</param>
    /// <param name="dilation">How far apart neighbouring taps are, 1 and more; null: 1.</param>
    /// <exception cref="IntegerModelException">A number is outside what is allowed.</exception>
    public SlidingWindow(
        EquatableList<long> size, EquatableList<long> stride, EquatableList<long> before, EquatableList<long>? after = null,
        EquatableList<long>? dilation = null)
    {
        ArgumentNullException.ThrowIfNull(size);
        if (size.Count is not (1 or 2))
        {
            throw new IntegerModelException($"A window has {size.Count} axes; allowed are 1 and 2.");
        }

        Size = Checked(size, size.Count, 1, "size");
        Stride = Checked(stride, size.Count, 1, "stride");
        Before = Checked(before, size.Count, 0, "padding");
        After = Checked(after ?? before, size.Count, 0, "padding behind");
        Dilation = Checked(dilation ?? [.. size.Select(_ => 1L)], size.Count, 1, "dilation");
        if (Taps > 1 << 24)
        {
            throw new IntegerModelException($"A window of {size} has {Taps} taps; allowed are up to {1 << 24}.");
        }
    }

    /// <summary>How many taps, axis by axis.</summary>
    public EquatableList<long> Size { get; }

    /// <summary>How far apart neighbouring places are, axis by axis.</summary>
    public EquatableList<long> Stride { get; }

    /// <summary>How many elements are missing before the first, axis by axis.</summary>
    public EquatableList<long> Before { get; }

    /// <summary>How many elements are missing behind the last, axis by axis.</summary>
    public EquatableList<long> After { get; }

    /// <summary>How far apart neighbouring taps are, axis by axis.</summary>
    public EquatableList<long> Dilation { get; }

    /// <summary>How many axes.</summary>
    public int Rank => Size.Count;

    /// <summary>How many taps in all.</summary>
    public long Taps => Size.Aggregate(1L, (product, size) => product * size);

    /// <summary>How many places there are along an axis of so many elements; at most 0 where the window doesn't fit.</summary>
    internal long Places(int axis, long elements)
    {
        var room = elements + Before[axis] + After[axis] - (Dilation[axis] * (Size[axis] - 1)) - 1;
        return room < 0 ? 0 : (room / Stride[axis]) + 1;
    }

    private static EquatableList<long> Checked(EquatableList<long> numbers, int count, long min, string what)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Count != count || numbers.Any(number => number < min || number > 1 << 20))
        {
            throw new IntegerModelException($"The {what} of a window of {count} axes is {numbers}; allowed are as many numbers, "
                + $"{min} to {1 << 20}.");
        }

        return numbers;
    }
}
