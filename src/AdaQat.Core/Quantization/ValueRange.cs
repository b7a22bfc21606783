namespace AdaQat;

/// <summary>The numbers from one to another, both included, such as those that a grid covers.</summary>
/// <param name="Low">The smallest, in units of the tensor.</param>
/// <param name="High">The largest.</param>
public readonly record struct ValueRange(double Low, double High)
{
    /// <summary>Whether it is 0 alone.</summary>
    internal bool IsNothing => this is { Low: 0, High: 0 };

    /// <summary>The same with 0 in it, which is a value of every grid over it.</summary>
    internal ValueRange WithZero() => new(Math.Min(Low, 0), Math.Max(High, 0));

    /// <summary>The smallest range that has all of <paramref name="ranges"/> in it.</summary>
    /// <param name="ranges">At least one.</param>
    internal static ValueRange Hull(IReadOnlyCollection<ValueRange> ranges) => new(ranges.Min(r => r.Low), ranges.Max(r => r.High));

    /// <summary>The range, with 0 in it.</summary>
    /// <exception cref="ArgumentException">An end is not finite, they are in the wrong order, or nothing is left.</exception>
    internal ValueRange Required(string name)
    {
        var range = WithZero();
        return double.IsFinite(range.Low) && double.IsFinite(range.High) && Low <= High && !range.IsNothing
            ? range
            : throw new ArgumentException(
                $"The range is {this}; allowed are finite numbers, the smaller one first, that are not both 0.", name);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"[{Low:0.#####}, {High:0.#####}]");
}
