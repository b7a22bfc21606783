using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="AdditivePowerOfTwoQuantizer"/>, for weights and for layers' inputs, of 2 to 8 bits.</summary>
public sealed record AdditivePowerOfTwoOptions : QuantizerOptions
{
    /// <summary>For weights: the unit of the clipping value. Default <see cref="WeightNormalization.Preserve"/>.</summary>
    public WeightNormalization Normalization { get; init; } = WeightNormalization.Preserve;

    /// <summary>
    /// α before training, above 0: for a weight in the unit that <see cref="Normalization"/> says (the paper has 3), for an input in the
    /// activation's. Null (the default) takes it from data: for a weight where the squared error is least, for an input as <see
    /// cref="Percentile"/> says.
    /// </summary>
    public double? ClippingValue { get; init; }

    /// <summary>The share of the first batch's magnitudes that an input's α covers, above 0, up to 1. Default 0.999.</summary>
    public double Percentile { get; init; } = 0.999;

    /// <summary>
    /// Whether an input's levels are symmetric around 0 (true) or begin there (false), whatever the data; null takes the former where the
    /// example or the first batch has a negative element. Default null. Weights are always signed.
    /// </summary>
    public bool? IsSigned { get; init; }

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Normalization, nameof(Normalization));
        Choices.Validate(Kernels, nameof(Kernels));
        Choices.PositiveOrNull(ClippingValue, nameof(ClippingValue));
        Choices.Share(Percentile, nameof(Percentile));
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Requests.RequireWidth(
            request, nameof(AdditivePowerOfTwoOptions), AdditivePowerOfTwoQuantizer.MinimumBits, AdditivePowerOfTwoQuantizer.MaximumBits);
        return new AdditivePowerOfTwoQuantizer(request.Width, request.Target, IsSigned ?? request.IsSigned, this);
    }
}
