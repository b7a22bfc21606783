namespace AdaQat.Observers;

/// <summary>See <see cref="MovingAverageObserverOptions"/>.</summary>
/// <param name="constant">The weight of a new batch; null for the plain average.</param>
internal sealed class MovingAverageObserver(double? constant) : Observer
{
    private ValueRange _range;
    private long _batches;

    public override void Observe(ReadOnlySpan<float> values)
    {
        var (low, high) = MinMaxObserver.Ends(values);
        var weight = ++_batches == 1 ? 1 : constant ?? (1.0 / _batches);
        _range = new ValueRange(_range.Low + (weight * (low - _range.Low)), _range.High + (weight * (high - _range.High)));
    }

    public override ValueRange Range() => _range;
}
