namespace AdaQat;

/// <summary>
/// The choices of a kind of observers, which make the observers of a calibration:
/// <c>new CalibrationOptions { Observer = new EntropyObserverOptions() }</c>. Derive from it, and from <see cref="AdaQat.Observer"/>, for a
/// kind of your own.
/// </summary>
public abstract record ObserverOptions
{
    /// <summary>The kind in a word or two, for reports.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Checks all choices; called before anything changes. Throws an <see cref="ArgumentException"/> that names the choice.
    /// </summary>
    public abstract void Validate();

    /// <summary>Makes an observer.</summary>
    /// <param name="request">What it is for.</param>
    protected internal abstract Observer Create(ObserverRequest request);
}
