using AdaQat.Observers;

namespace AdaQat;

/// <summary>From the smallest to the largest value of all batches: nothing is clipped, and one outlier widens the range of all.</summary>
public sealed record MinMaxObserverOptions : ObserverOptions
{
    /// <inheritdoc/>
    public override string Name => "min–max";

    /// <summary>There is nothing to check.</summary>
    public override void Validate()
    {
    }

    /// <inheritdoc/>
    protected internal override Observer Create(ObserverRequest request) => new MinMaxObserver();
}
