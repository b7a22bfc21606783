using AdaQat.Diagnostics;
using AdaQat.Observers;

namespace AdaQat;

/// <summary>
/// The average, over batches, of each batch's smallest and largest value: an outlier counts in its own batch only.
/// </summary>
/// <remarks>
/// With a constant c each batch moves the ends by c·(the batch's end − the end), from the first batch on, as PyTorch's
/// <c>MovingAverageMinMaxObserver</c> does; without one all batches count alike.
/// </remarks>
public sealed record MovingAverageObserverOptions : ObserverOptions
{
    /// <summary>
    /// c: the weight of a new batch, above 0, up to 1; PyTorch's is 0.01, made for hundreds of batches. Null (the default) takes the plain
    /// average.
    /// </summary>
    public double? Constant { get; init; }

    /// <inheritdoc/>
    public override string Name => "moving average";

    /// <summary>Checks the constant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside what is allowed.</exception>
    public override void Validate() => Guard.Share(Constant ?? 1, nameof(Constant));

    /// <inheritdoc/>
    protected internal override Observer Create(ObserverRequest request) => new MovingAverageObserver(Constant);
}
