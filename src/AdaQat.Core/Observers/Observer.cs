namespace AdaQat;

/// <summary>
/// Looks at the values that share a scale, batch by batch, and chooses the range that the scale is to cover. Derive from it, and from
/// <see cref="ObserverOptions"/>, for one of your own.
/// </summary>
/// <remarks>It keeps no values but what it needs to choose, so that memory stays bounded however many batches there are.</remarks>
public abstract class Observer
{
    /// <summary>Looks at values of one batch.</summary>
    /// <param name="values">Finite, at least one; in no order that means anything.</param>
    public abstract void Observe(ReadOnlySpan<float> values);

    /// <summary>The range for what was seen; asked once, after the last batch, and only where a value other than 0 was seen.</summary>
    /// <returns>Finite ends, the smaller one first. 0 is taken in, whether it is between them or not.</returns>
    public abstract ValueRange Range();
}
