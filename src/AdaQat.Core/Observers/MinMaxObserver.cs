namespace AdaQat.Observers;

/// <summary>See <see cref="MinMaxObserverOptions"/>.</summary>
internal sealed class MinMaxObserver : Observer
{
    private float _low = float.PositiveInfinity;
    private float _high = float.NegativeInfinity;

    public override void Observe(ReadOnlySpan<float> values)
    {
        var (low, high) = Ends(values);
        (_low, _high) = (Math.Min(_low, low), Math.Max(_high, high));
    }

    public override ValueRange Range() => new(_low, _high);

    /// <summary>The smallest and the largest of at least one value.</summary>
    public static (float Low, float High) Ends(ReadOnlySpan<float> values)
    {
        var (low, high) = (values[0], values[0]);
        foreach (var value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return (low, high);
    }
}
