namespace AdaQat;

/// <summary>
/// The choices of a family of quantizers, which make the quantizers of its layers:
/// <c>new QuantizationOptions { Weights = new DoReFaOptions(), Activations = new PactOptions() }</c>. Derive from it, and from
/// <see cref="Quantizer"/>, for a family of your own.
/// </summary>
/// <remarks>
/// Public properties are the choices: a checkpoint notes them and compares them on resuming. One object may serve many layers, weights and
/// activations alike.
/// </remarks>
public abstract record QuantizerOptions
{
    /// <summary>
    /// Checks all choices; called before anything changes. Throws an <see cref="ArgumentException"/> that names the choice.
    /// </summary>
    public abstract void Validate();

    /// <summary>
    /// Whether quantizers made with these options infer their width from what they learn, where it is to be learned at all: they override
    /// <see cref="Quantizer.InferWidth"/>. Default: no, it is learned by differences of the loss.
    /// </summary>
    protected internal virtual bool InfersWidth => false;

    /// <summary>
    /// Whether a run that was saved with another value of a choice may go on with these options, and be the same run. Default: no.
    /// </summary>
    /// <param name="choice">The name of the property.</param>
    /// <param name="saved">Its value there, as text.</param>
    protected internal virtual bool GoesOnFrom(string choice, string saved) => false;

    /// <summary>Makes a quantizer.</summary>
    /// <param name="request">For which layer, for its weight or its input, and at which width.</param>
    /// <exception cref="ArgumentException">The family is not made for this.</exception>
    protected internal abstract Quantizer Create(QuantizerRequest request);
}
