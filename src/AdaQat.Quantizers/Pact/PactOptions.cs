using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="PactQuantizer"/>, for layers' inputs.</summary>
public sealed record PactOptions : QuantizerOptions
{
    /// <summary>The gradient of the clipping value. Default <see cref="PactGradient.Calibrated"/>.</summary>
    public PactGradient Gradient { get; init; } = PactGradient.Calibrated;

    /// <summary>α before training, in units of the activation, above 0; null (the default) takes it from the first batch.</summary>
    public double? ClippingValue { get; init; }

    /// <summary>How α starts from data. Default <see cref="PactStart.Percentile"/>.</summary>
    public PactStart Start { get; init; } = PactStart.Percentile;

    /// <summary>Where α starts at a percentile: the share of the magnitudes that it covers, above 0, up to 1. Default 0.999.</summary>
    public double Percentile { get; init; } = 0.999;

    /// <summary>
    /// Whether the range is [−α, α] (true) or [0, α] (false), whatever the data; null takes the former where the example or the first batch
    /// has a negative element. Default null.
    /// </summary>
    public bool? IsSigned { get; init; }

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Gradient, nameof(Gradient));
        Choices.Validate(Start, nameof(Start));
        Choices.Validate(Kernels, nameof(Kernels));
        Choices.PositiveOrNull(ClippingValue, nameof(ClippingValue));
        Choices.Share(Percentile, nameof(Percentile));
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Target == QuantizerTarget.Activation
            ? new PactQuantizer(request.Width, IsSigned ?? request.IsSigned, this) : throw new ArgumentException(
            $"{nameof(PactOptions)} is for layers' inputs, and was chosen for the weight of layer '{request.Layer.Name}'; "
            + $"{nameof(DoReFaOptions)} is for weights.");
    }
}
