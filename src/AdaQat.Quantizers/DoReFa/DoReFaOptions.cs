using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="DoReFaQuantizer"/>, for weights.</summary>
public sealed record DoReFaOptions : QuantizerOptions
{
    /// <summary>What is applied to the latent weight first. Default <see cref="WeightTransform.Auto"/>, found for each weight.</summary>
    public WeightTransform Transform { get; init; } = WeightTransform.Auto;

    /// <summary>The scale of the quantized weight. Default <see cref="WeightScale.Preserve"/>.</summary>
    public WeightScale Scale { get; init; } = WeightScale.Preserve;

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks that every choice is one of those named.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Transform, nameof(Transform));
        Choices.Validate(Scale, nameof(Scale));
        Choices.Validate(Kernels, nameof(Kernels));
    }

    /// <summary>A run goes on with what its state says was found, or, from before that, with what was chosen.</summary>
    /// <inheritdoc/>
    protected override bool GoesOnFrom(string choice, string saved) =>
        choice == nameof(Transform) && Transform == WeightTransform.Auto;

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Target == QuantizerTarget.Weight ? new DoReFaQuantizer(request.Width, this) : throw new ArgumentException(
            $"{nameof(DoReFaOptions)} is for weights, and was chosen for the input of layer '{request.Layer.Name}'; "
            + $"{nameof(PactOptions)} is for inputs.");
    }
}
