using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers;

/// <summary>
/// Choices of <see cref="LearnedRangeQuantizer"/>, for weights and for layers' inputs: step and range are learned, and the width follows
/// from them.
/// </summary>
public sealed record LearnedRangeOptions : QuantizerOptions
{
    /// <summary>
    /// Whether a width that is to be learned follows from the learned step and range; false lets it be learned by differences of the loss,
    /// as with other families, and the step follow from range and width. Default true. Fixed widths are fixed in either case.
    /// </summary>
    public bool IsWidthInferred { get; init; } = true;

    /// <summary>Whether the step is the nearest power of two, with the gradient of the step before rounding. Default false.</summary>
    public bool HasPowerOfTwoStep { get; init; }

    /// <summary>
    /// The share of the magnitudes that the range covers where it starts from data, above 0, up to 1; null (the default) is 1 for weights,
    /// and 0.999 for inputs.
    /// </summary>
    public double? Percentile { get; init; }

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <inheritdoc/>
    protected override bool InfersWidth => IsWidthInferred;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Kernels, nameof(Kernels));
        if (Percentile is { } share)
        {
            Choices.Share(share, nameof(Percentile));
        }
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (LearnedRangeQuantizer.IsTooNarrow(request.Width, request.IsSigned))
        {
            var target = request.Target == QuantizerTarget.Weight ? "weight" : "input";
            throw new ArgumentException(
                $"{nameof(LearnedRangeOptions)} infers 2 bits and more where values may be negative, and the {target} of layer "
                + $"'{request.Layer.Name}' was given {request.Width.Minimum} to {request.Width.Maximum}: choose "
                + "BitWidthChoice.Learned(minimum: 2) for it.");
        }

        return new LearnedRangeQuantizer(request.Width, request.Target, request.IsSigned, this);
    }
}
